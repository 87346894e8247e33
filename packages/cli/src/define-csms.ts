import type { Command } from 'commander';
import { addTarget, count, example, type Finish, factor } from './support/define-options.ts';

/** Adds the commands of the bundled CSMS. */
export function defineCsms(program: Command, finish: Finish): void {
  const csms = program.command('csms').description('ask the bundled CSMS, or run it alone');
  defineLedger(csms, finish);
  defineTraffic(csms, finish);
  defineLink(csms, finish);
  csms
    .command('serve')
    .description('run the CSMS alone, until Ctrl-C')
    .option('--port <n>', 'its port', count, 9000)
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .option('--tags <file>', 'which cards it accepts (default: config/tags.yaml)')
    .option('--transcript <file>', 'append each frame to this file')
    .option('--state <dir>', 'the folder of its ledger, and of its control socket, by which the other commands find it')
    .addHelpText('after', example('chargemesh csms serve --port 9000', 'for a station elsewhere'))
    .action((options) => finish(import('./commands/csms-serve.ts').then(({ csmsServe }) => csmsServe(options))));
}

const load = () => import('./commands/csms.ts');

/** What it knows. */
function defineLedger(csms: Command, finish: Finish): void {
  addTarget(csms.command('list'))
    .description('show the stations that it knows')
    .option('--json', 'print them as JSON')
    .addHelpText('after', example('chargemesh csms list', 'a line for each connector'))
    .action((options) => finish(load().then(({ csmsList }) => csmsList(options))));
  addTarget(csms.command('ledger'))
    .description('show the transactions that it was told of')
    .option('--station <id>', 'only of this station')
    .option('--json', 'print them as JSON')
    .addHelpText('after', example('chargemesh csms ledger', 'a line for each transaction'))
    .action((options) => finish(load().then(({ csmsLedger }) => csmsLedger(options))));
  addTarget(csms.command('violations'))
    .description('show where stations broke the rules of OCPP since the CSMS was started')
    .option('--station <id>', 'only of this station')
    .option('--rule <code>', 'only of this rule')
    .option('--clear', 'forget those of all stations and rules after that')
    .option('--json', 'print them as JSON')
    .addHelpText('after', example('chargemesh csms violations', 'nothing, where all is well'))
    .action((options) => finish(load().then(({ csmsViolations }) => csmsViolations(options))));
  addTarget(csms.command('rules'))
    .description('show the rules that it holds stations to')
    .option('--json', 'print them as JSON')
    .addHelpText('after', example('chargemesh csms rules', 'what each code in "csms violations" says'))
    .action((options) => finish(load().then(({ csmsRules }) => csmsRules(options))));
  addTarget(csms.command('tags'))
    .description('show the cards that it knows')
    .option('--json', 'print them as JSON')
    .addHelpText('after', example('chargemesh csms tags', 'a line for each card of config/tags.yaml'))
    .action((options) => finish(load().then(({ csmsTags }) => csmsTags(options))));
  addTarget(csms.command('forget'))
    .description('forget a station that is not connected, and its transactions')
    .argument('<station>', 'the id of the station')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', example('chargemesh csms forget cp007', 'one that will not come back'))
    .action((station, options) => finish(load().then(({ csmsForget }) => csmsForget(station, options))));
}

/** What is said. */
function defineTraffic(csms: Command, finish: Finish): void {
  addTarget(csms.command('call'))
    .description('send a request to the station, and show its answer')
    .argument('<station>', 'the id of the station')
    .argument('<action>', 'the OCPP action')
    .argument('[payload]', 'its payload as JSON')
    .option('--force', 'send it though OCPP does not have such a request, to see what the station makes of it')
    .option('--timeout <seconds>', 'how long to wait for the answer (default: 30)', factor)
    .option('--json', 'print the whole outcome as JSON')
    .addHelpText(
      'after',
      example(
        `chargemesh csms call cp001 RemoteStartTransaction '{"idTag":"DEADBEEF","connectorId":1}'`,
        'exit code 1 where a CALLERROR comes',
      ),
    )
    .action((station, action, payload, options) =>
      finish(load().then(({ csmsCall }) => csmsCall(station, action, payload, options))),
    );
  addTarget(csms.command('raw'))
    .description('send a text to the station as it is, frame or not')
    .argument('<station>', 'the id of the station')
    .argument('<text>', 'what is sent')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      example(`chargemesh csms raw cp001 '[2,"1","Reset"]'`, 'what comes back: chargemesh csms frames --last 2'),
    )
    .action((station, text, options) => finish(load().then(({ csmsRaw }) => csmsRaw(station, text, options))));
  addTarget(csms.command('answer'))
    .description('change how it answers an action; without arguments, show what was changed')
    .argument('[action]', 'the OCPP action')
    .argument(
      '[answer...]',
      'what it answers: CALLERROR [code] [description], {json}, replace {json}, late <ms>, never, garbage, default',
    )
    .option('--station <id>', 'only to this station')
    .option('--next <n>', 'only the next so many times', count)
    .option('--reset', 'answer everything as it should be again')
    .option('--json', 'print what is in force as JSON')
    .addHelpText(
      'after',
      example(
        'chargemesh csms answer StartTransaction CALLERROR InternalError --next 2',
        'two failures, then as always',
      ),
    )
    .action((action, words, options) => finish(load().then(({ csmsAnswer }) => csmsAnswer(action, words, options))));
  addTarget(csms.command('frames'))
    .description('show the frames that passed since it was started, connections that came and went, too')
    .option('--station <id>', 'only of this station')
    .option('--last <n>', 'only the last so many', count, 20)
    .option('--follow', 'go on with those that come, until Ctrl-C')
    .option('--json', 'print them as lines of a transcript')
    .addHelpText('after', example('chargemesh csms frames --follow', 'those of earlier runs: chargemesh ocpp log'))
    .action((options) => finish(import('./commands/csms-frames.ts').then(({ csmsFrames }) => csmsFrames(options))));
}

/** Faults of connections. */
function defineLink(csms: Command, finish: Finish): void {
  addTarget(csms.command('drop'))
    .description('break the connection of a station; it will come back by itself')
    .argument('<station>', 'the id of the station')
    .option('--clean', 'close it properly instead')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', example('chargemesh csms drop cp001', 'see how the station redials'))
    .action((station, options) => finish(load().then(({ csmsDrop }) => csmsDrop(station, options))));
  addTarget(csms.command('refuse'))
    .description('refuse new connections (HTTP 503), or take them again')
    .argument('<on|off>', 'whether to refuse')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', example('chargemesh csms refuse on', 'together with drop: the CSMS is away'))
    .action((word, options) => finish(load().then(({ csmsRefuse }) => csmsRefuse(word, options))));
  addTarget(csms.command('half-open'))
    .description('play dead on a connection: read nothing and send nothing, and do not end it')
    .argument('<station>', 'the id of the station')
    .argument('<on|off>', 'whether to')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      example('chargemesh csms half-open cp001 on', 'see when the station notices, and what it does'),
    )
    .action((station, word, options) =>
      finish(load().then(({ csmsHalfOpen }) => csmsHalfOpen(station, word, options))),
    );
  addTarget(csms.command('delay-upgrade'))
    .description('let whoever wants to connect wait for the answer to the upgrade')
    .argument('<ms>', 'so many milliseconds; 0 answers at once again', count)
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      example('chargemesh csms delay-upgrade 45000', 'together with drop: a CSMS that is slow to answer'),
    )
    .action((delayMs, options) => finish(load().then(({ csmsDelayUpgrade }) => csmsDelayUpgrade(delayMs, options))));
}
