import type { Command } from 'commander';
import type { CarAction } from './commands/car.ts';
import { defineCsms } from './define-csms.ts';
import { addTarget, count, drawOptions, example, type Finish, factor, logLevel } from './support/define-options.ts';

/** Adds all commands to the program. The code of each is imported when it runs. */
export function defineCommands(program: Command, finish: Finish): void {
  defineMesh(program, finish);
  defineScenarios(program, finish);
  defineStation(program, finish);
  defineLooking(program, finish);
  defineCsms(program, finish);
  defineHousekeeping(program, finish);
}

function defineMesh(program: Command, finish: Finish): void {
  program
    .command('up')
    .description('start a mesh, and stay until Ctrl-C')
    .argument('[config]', 'its configuration (default: config-sil-ocpp.yaml)')
    .option('--isolate [ids]', 'a process for each module, or for these ids (comma between them)')
    .option('--broker <host:port>', 'use this MQTT broker; else the mesh brings its own')
    .option('--csms <url>', 'the CSMS to talk to; else the bundled one is started')
    .option('--no-csms', 'start no CSMS: the OCPP configuration says where it is')
    .option('--id <id>', 'the id of the station at its CSMS')
    .option('--password <text>', 'the password of the station at its CSMS')
    .option('--vendor <text>', 'the vendor that the station says it is of')
    .option('--model <text>', 'the model that the station says it is')
    .option('--evses <n>', 'as many EVSEs as this, derived from the configuration', count)
    .option('--speed <factor>', 'simulated cars and meters run this much faster', factor)
    .option('--dead-man <seconds>', 'a board lets go after so much silence of its EvseManager (default: 5)', factor)
    .option('--state <dir>', 'the folder of its databases, logs and locks')
    .option('--modules <dir...>', 'folders with modules of your own: <dir>/<Name>/manifest.yaml and index.ts')
    .option('--standalone <id...>', 'modules that somebody else starts; "all" for all of them')
    .option('--exit-on-reset', 'end with exit code 75 on a hard reset, for a service manager to start it again')
    .addOption(logLevel('warn'))
    .option('--json', 'print events as JSON lines')
    .addHelpText(
      'after',
      example('chargemesh up --csms ws://csms.example:9000 --id cp007', 'a station for the CSMS under test'),
    )
    .action((config, options) => finish(import('./commands/up.ts').then(({ up }) => up(config, options))));
  program
    .command('check')
    .description('say everything that is wrong with a configuration')
    .argument('[config]', 'the configuration (default: config-sil-ocpp.yaml)')
    .option('--modules <dir...>', 'folders with modules of your own')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      example('chargemesh check my-station.yaml', 'file:line:column and what would be right, for every fault'),
    )
    .action((config, options) => finish(import('./commands/check.ts').then(({ check }) => check(config, options))));
  program
    .command('module')
    .description('run one module of a mesh whose manager runs elsewhere')
    .argument('<id>', 'its id in the configuration')
    .option('--broker <host:port>', 'the broker of the mesh (else MQTT_SERVER_ADDRESS and MQTT_SERVER_PORT)')
    .option('--config <file>', 'the configuration of the mesh, for its folders')
    .option('--state <dir>', 'the folder of its databases, logs and lock')
    .option('--modules <dir...>', 'folders with modules of your own')
    .addOption(logLevel())
    .addHelpText(
      'after',
      example('chargemesh module evse_manager_1 --broker broker:1883', 'one module in a container of its own'),
    )
    .action((id, options) =>
      finish(import('./commands/module.ts').then(({ runOneModule }) => runOneModule(id, options))),
    );
  addTarget(program.command('status'))
    .description('show how a running mesh is doing')
    .option('--json', 'print it as JSON')
    .addHelpText('after', example('chargemesh status --json', 'for scripts'))
    .action((options) => finish(import('./commands/status.ts').then(({ status }) => status(options))));
}

function defineScenarios(program: Command, finish: Finish): void {
  program
    .command('run')
    .description('play scenarios: what is done to a station, and what it has to do')
    .argument('<file...>', 'their files')
    .option('--virtual', 'in this process and in virtual time')
    .option('--seed <n>', 'the seed of chance in virtual time (default: 1)', count)
    .option('--layout <one|isolated>', 'all modules in one process, or a process for each', 'one')
    .option('--broker <which>', '"embedded" in the manager, "apart" in a process of its own, or host:port', 'embedded')
    .option(
      '--csms-kind <ours|ocpp-rpc>',
      'the CSMS: the bundled one, or the library ocpp-rpc with its own schemas, in real time',
      'ours',
    )
    .option('--junit <file>', 'write a report that build servers read')
    .option('--transcripts <dir>', 'keep the frames of each run there: <scenario>.ndjson')
    .addOption(logLevel('error'))
    .option('--json', 'print a report for each run as a JSON line')
    .addHelpText(
      'after',
      example('chargemesh run --virtual examples/scenarios/*.yaml', 'each step as it passes, and what was broken'),
    )
    .action((files, options) => finish(import('./commands/run.ts').then(({ run }) => run(files, options))));
  program
    .command('broker')
    .description('run the MQTT broker of a mesh by itself, until Ctrl-C')
    .option('--port <n>', 'its port; 0 takes a free one (default: 1883)', count)
    .option('--host <address>', 'where it listens (default: 127.0.0.1)')
    .option('--json', 'print its address as JSON')
    .addHelpText('after', example('chargemesh broker --port 1884', 'a broker for meshes and modules that come and go'))
    .action((options) => finish(import('./commands/broker.ts').then(({ runBroker }) => runBroker(options))));
}

function defineStation(program: Command, finish: Finish): void {
  const car = (action: CarAction, description: string, exampleText: string): Command =>
    addTarget(program.command(action))
      .description(description)
      .argument('<evse>', 'the number of the EVSE', count)
      .option('--json', 'print what the EVSE saw as JSON')
      .addHelpText('after', example(`chargemesh ${action} 1`, exampleText))
      .action((evse, options) =>
        finish(import('./commands/car.ts').then(({ tellCar }) => tellCar(action, evse, options))),
      );
  drawOptions(
    car(
      'plug',
      'plug the simulated car in; it wants to charge until it is unplugged',
      'then: chargemesh swipe 1 DEADBEEF',
    ),
  ).option(
    '--script <text>',
    'what the car does, in the simulated car\'s own language: "sleep 1;iec_wait_pwr_ready;draw_power_regulated 16,3;sleep 60;unplug"',
  );
  car('unplug', 'unplug the simulated car', 'ends the session');
  car('pause', 'let the simulated car pause charging', 'the EVSE shows SuspendedEV');
  drawOptions(car('resume', 'let the simulated car charge again', 'after a pause'));
  addTarget(program.command('swipe'))
    .description('hold a card to the reader of an EVSE')
    .argument('<evse>', 'the number of the EVSE', count)
    .argument('<idtag>', 'what stands on the card')
    .option('--wait', 'where the card is accepted, wait until a car starts, or nobody came in time')
    .option('--json', 'print what became of it as JSON')
    .addHelpText('after', example('chargemesh swipe 1 DEADBEEF', 'exit code 1 where the card is rejected'))
    .action((evse, idTag, options) =>
      finish(import('./commands/swipe.ts').then(({ swipe }) => swipe(evse, idTag, options))),
    );
}

function defineLooking(program: Command, finish: Finish): void {
  addTarget(program.command('inspect'))
    .description('show the bus: who called whom with what, and how long the answer took')
    .argument('[topic]', 'only these topics, as an MQTT filter')
    .option('--module <id>', 'only what this module says, is told or asks')
    .option('--interface <name>', 'only implementations of this interface')
    .option('--evse <n>', 'only modules of this EVSE', count)
    .option('--no-energy', 'without what repeats every second: energy, meters, simulation')
    .option('--full', 'do not cut long values')
    .option('--count <n>', 'end after so many messages', count)
    .option('--json', 'a JSON line for each message')
    .addHelpText('after', example('chargemesh inspect --evse 1 --no-energy', 'what happens at EVSE 1'))
    .action((topic, options) => finish(import('./commands/inspect.ts').then(({ inspect }) => inspect(topic, options))));
  defineOcpp(program.command('ocpp').description('look at OCPP'), finish);
}

function defineOcpp(ocpp: Command, finish: Finish): void {
  addTarget(ocpp.command('log'))
    .description('show the frames between station and CSMS')
    .option('--follow', 'go on with those that come')
    .option('--last <n>', 'only the last so many', count)
    .option('--json', 'as they were written down')
    .addHelpText('after', example('chargemesh ocpp log --follow', 'until Ctrl-C'))
    .action((options) => finish(import('./commands/ocpp-log.ts').then(({ ocppLog }) => ocppLog(options))));
  addTarget(ocpp.command('undeliverable'))
    .description('show the messages that the CSMS refused for good')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      example('chargemesh ocpp undeliverable', 'a line for each message: what, where, when and why'),
    )
    .action((options) =>
      finish(import('./commands/ocpp-undeliverable.ts').then(({ ocppUndeliverable }) => ocppUndeliverable(options))),
    );
  addTarget(ocpp.command('resend'))
    .description('send messages again that the CSMS refused for good')
    .argument('[id...]', 'their ids, as "ocpp undeliverable" shows them', (text, ids: number[] = []) => [
      ...ids,
      count(text),
    ])
    .option('--all', 'all of them')
    .option('--json', 'print what was queued as JSON')
    .addHelpText('after', example('chargemesh ocpp resend 3', 'exit code 1 where there is no such message'))
    .action((ids, options) =>
      finish(import('./commands/ocpp-resend.ts').then(({ ocppResend }) => ocppResend(ids ?? [], options))),
    );
}

function defineHousekeeping(program: Command, finish: Finish): void {
  program
    .command('reset-state')
    .description('forget everything that a mesh has kept: databases, logs, changed configuration')
    .argument('[config]', 'the configuration whose state it is (default: config-sil-ocpp.yaml)')
    .option('--state <dir>', 'this folder')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', example('chargemesh reset-state', 'the station of config-sil-ocpp.yaml begins anew'))
    .action((config, options) =>
      finish(import('./commands/reset-state.ts').then(({ resetState }) => resetState(config, options))),
    );
  program
    .command('make-prefix')
    .description('lay out an installation folder as EVerest has one, for tools that start its manager')
    .argument('<dir>', 'the folder; what somebody changed in its etc/ stays')
    .option('--json', 'print what was made as JSON')
    .addHelpText(
      'after',
      example('chargemesh make-prefix dist', 'then: dist/bin/manager --prefix dist --config FILE.yaml'),
    )
    .action((folder, options) =>
      finish(import('./commands/make-prefix.ts').then(({ makePrefix }) => makePrefix(folder, options))),
    );
  program
    .command('test')
    .description('run the tests of the repository')
    .argument('[args...]', 'for jest')
    .allowUnknownOption()
    .helpOption(false)
    .addHelpText('after', example('chargemesh test packages/manager', 'those of one package'))
    .action((args) => finish(import('./commands/test.ts').then(({ runTests }) => runTests(args))));
}
