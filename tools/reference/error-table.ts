/** What a code means, and what to do about it; the second is left out where the message says it. */
export interface ErrorEntry {
  readonly meaning: string;
  readonly remedy?: string;
}

/** A part of the page. */
export interface ErrorGroup {
  readonly title: string;
  readonly text: string;
  readonly codes: Readonly<Record<string, ErrorEntry>>;
}

/** Every code that an error or a finding can have. */
export const errorGroups: readonly ErrorGroup[] = [
  {
    title: 'Faults of a mesh configuration',
    text: '`check` and `up` show them with file, line and column. Whether a code is an error or a warning stands in the finding; unless the table says otherwise it is an error, and the mesh does not start.',
    codes: {
      CONFIG_UNREADABLE: { meaning: 'The file is not there, or may not be read.' },
      CONFIG_YAML: { meaning: 'The file is no YAML.', remedy: 'Look at the place that is named, and just before it.' },
      CONFIG_DUPLICATE_KEY: { meaning: 'A key stands twice in one mapping.' },
      CONFIG_NO_MODULES: { meaning: 'The file is empty, or names no modules.' },
      CONFIG_UNKNOWN_KEY: { meaning: 'A key that a configuration does not have at this place.' },
      CONFIG_MISSING_KEY: { meaning: 'A key that has to be at this place is missing.' },
      CONFIG_TYPE: { meaning: 'A value of the wrong form: a list where a mapping belongs, for example.' },
      CONFIG_RANGE: { meaning: 'A number of the settings or a mapping is out of its range.' },
      CONFIG_NAME: { meaning: 'An id or the name of a module is spelled with characters that it may not have.' },
      CONFIG_MODULE_UNAVAILABLE: {
        meaning: 'There is no such module, or it has no code here. It is said once for all modules of that name.',
        remedy: 'Bring it along with `--modules DIR`, let somebody else start it (`standalone: true`), or take it out.',
      },
      CONFIG_PROBE: { meaning: 'There is more than one ProbeModule.' },
      CONFIG_SELECTION: { meaning: 'The command line names a module id that the configuration does not have.' },
      CONFIG_PARAMETER_UNKNOWN: { meaning: 'Warning: the module has no such configuration key. It is ignored.' },
      CONFIG_IMPLEMENTATION_UNKNOWN: {
        meaning: '`config_implementation` names an implementation that the module does not provide.',
      },
      CONFIG_VALUE_TYPE: {
        meaning:
          'A configuration value is of the wrong type. `yes`, `no`, `on` and `off` are text; whole numbers have 32 bits.',
      },
      CONFIG_VALUE: {
        meaning: 'A configuration value breaks a rule of the manifest: a limit, or a list of what may be.',
      },
      CONFIG_VALUE_MISSING: { meaning: 'A configuration value that has no default is missing.' },
      CONFIG_REQUIREMENT_UNKNOWN: { meaning: '`connections` names a requirement that the module does not have.' },
      CONFIG_REQUIREMENT_UNCONNECTED: { meaning: 'A requirement that has to be connected is not.' },
      CONFIG_CONNECTION_COUNT: { meaning: 'A requirement has too few or too many connections.' },
      CONFIG_CONNECTION_MODULE: { meaning: 'A connection leads to a module id that there is not.' },
      CONFIG_CONNECTION_IMPLEMENTATION: {
        meaning: 'A connection leads to an implementation that the module does not provide.',
      },
      CONFIG_CONNECTION_INTERFACE: { meaning: 'A connection leads to an implementation of another interface.' },
      CONFIG_ENERGY_LOOP: { meaning: 'An energy node feeds a node that feeds it.' },
      CONFIG_MAPPING_IMPLEMENTATION: {
        meaning: 'Warning: a mapping of an implementation that the module does not provide. It is ignored.',
      },
      CONFIG_MAPPING_MISMATCH: {
        meaning:
          'Warning: an implementation stands at another EVSE than its module. The mapping of the implementation is taken.',
      },
      CONFIG_BROKER: { meaning: 'The broker is given twice: as a socket, and as a host or in the environment.' },
      CONFIG_FAULTS: {
        meaning: 'The manager was given a configuration with faults, which it named before, or without modules.',
      },
      CONFIG_PREFIX: { meaning: 'The prefix of the mesh and that of external topics are equal.' },
      API_SINK_MAPPING: {
        meaning: 'The API is connected to an energy node without a mapping, which so belongs to no EVSE.',
      },
      AUTH_SELECTION_ALGORITHM: { meaning: 'Auth cannot select an EVSE in this way.' },
      OCPP_SCHEDULE_DURATION: {
        meaning: 'Warning: charging schedules end before the next ones are published.',
        remedy: 'PublishChargingScheduleDurationS has to be above PublishChargingScheduleIntervalS.',
      },
    },
  },
  {
    title: 'Faults of an OCPP configuration',
    text: 'Of the JSON file that `ChargePointConfigPath` names, the one at `UserConfigPath`, and the flags of a run. The keys are in [ocpp-configuration-keys.md](ocpp-configuration-keys.md).',
    codes: {
      OCPP_CONFIG_FILE: { meaning: 'The file cannot be read or written.' },
      OCPP_CONFIG_SYNTAX: { meaning: 'The file is no JSON.' },
      OCPP_CONFIG_REPEATED: { meaning: 'A key stands twice.' },
      OCPP_CONFIG_SECTION: { meaning: 'A section that there is not.' },
      OCPP_CONFIG_KEY: { meaning: 'A key that the section does not have, or a flag that leads to none.' },
      OCPP_CONFIG_MISSING: { meaning: 'The file, a section or a key that has to be there is missing.' },
      OCPP_CONFIG_TYPE: { meaning: 'A value is of the wrong type.' },
      OCPP_CONFIG_RANGE: { meaning: 'A number is out of its range.' },
      OCPP_CONFIG_LENGTH: { meaning: 'A text or a list is too long.' },
      OCPP_CONFIG_TEXT: { meaning: 'A text is not of the form that the key asks for.' },
      OCPP_CONFIG_CUSTOM: { meaning: 'A key of the section Custom is not of the form that such keys have.' },
      OCPP_CONFIG_BACKEND: { meaning: 'ConfigBackend of the OCPP module is none of the words that it may be.' },
      OCPP_CONFIG_TOGETHER: { meaning: 'Values that do not fit together.' },
      OCPP_CONFIG_INVALID: {
        meaning: 'The configuration has errors; the message lists them. The OCPP module does not start.',
      },
      OCPP_CSMS_URI: { meaning: 'CentralSystemURI is no address that a websocket can be opened to.' },
      OCPP_PROXY: {
        meaning:
          'HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names a proxy of a kind that is not known. NO_PROXY excepts a CSMS from it.',
      },
    },
  },
  {
    title: 'The command line',
    text: 'Which exit code belongs to what stands in [cli.md](cli.md#exit-codes).',
    codes: {
      CLI_USAGE: { meaning: 'A flag or an argument has a value that means nothing.' },
      CLI_NAME: { meaning: 'The mesh has nothing of that name.' },
      CLI_EVSE: { meaning: 'The station has no EVSE of that number, or no simulated car in front of it.' },
      CLI_NO_EFFECT: {
        meaning: 'The simulated car was told, and the EVSE has not seen what was to come of it.',
        remedy: '`chargemesh inspect --evse N --no-energy` shows why.',
      },
      CLI_NO_READER: { meaning: 'The mesh has no module DummyTokenProviderManual to hold a card to.' },
      CLI_NO_CSMS: { meaning: 'The mesh talks to a CSMS of its own, so the bundled one cannot be asked.' },
      CLI_NO_OCPP: { meaning: 'The mesh has no OCPP module, or it does not answer.' },
      CLI_NO_MESSAGE: {
        meaning: 'No undeliverable message has that id.',
        remedy: '`chargemesh ocpp undeliverable` shows the ids.',
      },
      CLI_NO_LOG: { meaning: 'No OCPP frame was written down yet.' },
      CLI_NOT_STATE: { meaning: '`reset-state` was given a folder that is no state folder. Nothing was deleted.' },
      MESH_NOT_RUNNING: {
        meaning: 'No mesh runs, or none with that state folder or configuration.',
        remedy: 'Start one with `./mesh up`.',
      },
      MESH_AMBIGUOUS: {
        meaning: 'Several meshes run.',
        remedy: 'Say with `--state` or `--config` which one is meant.',
      },
      MESH_RUNS: {
        meaning: 'A mesh runs already with this state folder.',
        remedy: 'Stop it, or give this one another folder with `--state DIR`.',
      },
      MESH_GONE: { meaning: 'The mesh ended while it was asked something.' },
      STATUS_FIFO: {
        meaning: 'What `--status-fifo` names is not there, or is no named pipe.',
        remedy: 'Make it before: `mkfifo FILE`.',
      },
      STATE_UNUSABLE: {
        meaning: 'The state folder cannot be made or written to.',
        remedy: 'Give another one with `--state DIR`.',
      },
      CONTROL_BAD_REQUEST: { meaning: 'A request on the control socket is not of the form that the method asks for.' },
      CONTROL_UNKNOWN_METHOD: {
        meaning:
          'The control socket has no such method: command line and mesh are of different versions, or the mesh runs no CSMS.',
      },
      INTERNAL: {
        meaning:
          'A method of the control socket failed for a reason of its own. The log of the mesh has the whole story.',
      },
    },
  },
  {
    title: 'Starting and running modules',
    text: 'They stand in the log of the mesh, with the id of the module.',
    codes: {
      MESH_LAYOUT: { meaning: 'Modules were to have processes of their own, and nothing was given that runs them.' },
      MODULE_UNAVAILABLE: { meaning: 'There is no code for a module of that name.' },
      MODULE_IMPORT: { meaning: 'The code of a module does not load, or does not export a definition of that name.' },
      MODULE_UNKNOWN: { meaning: 'The manager knows no module of that id.' },
      MODULE_SETUP: { meaning: 'The set-up of a module failed. The message has its own words.' },
      MODULE_START: { meaning: 'A module does not come up.' },
      MODULE_RUNS: {
        meaning: 'A module of that id runs already with this state folder. Two controllers never drive one relay.',
      },
      MANAGER_SILENT: {
        meaning: 'No manager answers a module.',
        remedy: 'Is a mesh running on this broker, with this prefix?',
      },
      MANIFEST_MISMATCH: { meaning: 'The code of a module asks for what its manifest does not name.' },
      NOT_CONNECTED: { meaning: 'The code of a module asks for the one connection of a requirement that has none.' },
      NOT_ENABLED: {
        meaning:
          'The code of a module uses what its manifest does not enable (`enable_external_mqtt`, `enable_global_errors`).',
      },
      COMMAND_NOT_IMPLEMENTED: { meaning: 'A module does not answer every command of an interface that it provides.' },
      INVALID_VALUE: {
        meaning: 'A module was about to publish a value that its interface does not allow. Nothing was sent.',
      },
      SELECTION_ALGORITHM: { meaning: 'Auth cannot select an EVSE in this way.' },
      NOT_SUPPORTED: { meaning: 'The configuration of a module asks for something that it cannot do yet.' },
      STORE_TOO_NEW: {
        meaning: 'A database was written by a later version of this software.',
        remedy: 'Use that version, or move the file aside.',
      },
    },
  },
  {
    title: 'The bus',
    text: 'Commands between modules fail with the six error types that EVerest has; here each has a code as well.',
    codes: {
      BUS_UNREACHABLE: { meaning: 'No broker answers there; or the port for our own is taken.' },
      BUS_REFUSED: {
        meaning: 'The broker refuses the connection: the user, the password or the version of the protocol.',
      },
      BUS_DISCONNECTED: {
        meaning:
          'There is no connection to the broker right now, so a message was not sent or not confirmed. It is redialled.',
      },
      BUS_CLOSED: { meaning: 'The connection was closed by us while a message was on its way.' },
      COMMAND_MESSAGEPARSINGERROR: { meaning: 'The provider could not read the command.' },
      COMMAND_SCHEMAVALIDATIONERROR: { meaning: 'Arguments or result do not fit the interface.' },
      COMMAND_HANDLEREXCEPTION: { meaning: 'The provider failed. The message has its own words.' },
      COMMAND_CMDTIMEOUT: { meaning: 'The provider did not answer in time.' },
      COMMAND_SHUTDOWN: { meaning: 'The caller is shutting down.' },
      COMMAND_NOTREADY: { meaning: 'The provider has left, is not ready yet, or the connection to the broker broke.' },
    },
  },
  {
    title: 'Scenarios',
    text: 'What `run` says of the files that it plays, and of how they went.',
    codes: {
      SCENARIO_UNREADABLE: { meaning: 'There is no such file, or it cannot be read.' },
      SCENARIO_INVALID: {
        meaning: 'A scenario has faults, one line each: file, line, column and what is wrong there.',
      },
      SCENARIO_CONFIG: {
        meaning: 'The configuration that a scenario is played on has faults, or lacks what it changes.',
      },
      SCENARIO_DURATION: { meaning: 'This is no time.', remedy: 'Write 500 ms, 10 s, 2 min, 1 h or 3 d.' },
      SCENARIO_NOT_APPLICABLE: {
        meaning: 'The CSMS that a scenario is played at is not capable of what it asks for.',
        remedy: 'Play it at the bundled one.',
      },
      SCENARIO_START: { meaning: 'The mesh or the broker of a scenario did not come up. What they said follows.' },
      SCENARIO_STEP: { meaning: 'What a step waited for did not come about.' },
      SCENARIO_MODULE_GONE: { meaning: 'In virtual time a module that was killed tried to write once more.' },
      SCENARIO_VICTIM: {
        meaning: 'What is to be killed or restarted is not there, or has no process of its own.',
        remedy: 'Take `--layout isolated` for modules, `--broker apart` for the broker.',
      },
    },
  },
  {
    title: 'Contracts',
    text: 'Of the files in `interfaces/`, `types/`, `errors/` and `manifests/`, and of those that a module of your own brings along.',
    codes: {
      CONTRACT_UNREADABLE: { meaning: 'A file cannot be read, or is no YAML.' },
      CONTRACT_INVALID: { meaning: 'A file breaks the rules for its kind.' },
      CONTRACT_DUPLICATE: { meaning: 'A contract is defined twice, with different contents.' },
      CONTRACT_UNKNOWN: { meaning: 'There is no contract of that name.' },
      CONTRACT_MISSING: { meaning: 'The contracts were not found, or not built.', remedy: '`./mesh pnpm generate`' },
    },
  },
  {
    title: 'Single modules',
    text: 'Answers to commands, and inputs that were refused.',
    codes: {
      BAD_CERTIFICATE: { meaning: 'EvseSecurity was given something that is no certificate.' },
      BAD_DER: { meaning: 'The encoding of a certificate or a request is broken.' },
      FILE_TRANSFER: {
        meaning: 'System could not fetch or bring a file: firmware or diagnostics.',
        remedy: 'Look at the address and its credentials; mesh.log says what the server said.',
      },
      UNKNOWN_CERTIFICATE: { meaning: 'No installed certificate has these hash data.' },
      NO_TOKEN: { meaning: 'What arrived on the topic of a token provider is no token.' },
      UNLOCK_FAILED: { meaning: 'The connector stays locked: its relay does not open, or the lock reports a fault.' },
      CAR_SCRIPT_REFUSED: {
        meaning: 'The simulated car does not know a command of its script, or not those arguments.',
      },
      OCPP_RPC_ERROR: { meaning: 'A request of the CSMS is answered with a CALLERROR; the OCPP code is in it.' },
    },
  },
  {
    title: 'The bundled CSMS',
    text: 'Of the commands below `chargemesh csms`.',
    codes: {
      CSMS_UNKNOWN_STATION: { meaning: 'No station of that id was ever connected.' },
      CSMS_CONNECTED: { meaning: 'The station is connected, so it cannot be forgotten.' },
      CSMS_NOT_CONNECTED: { meaning: 'The station is not connected right now.' },
      CSMS_UNKNOWN_ACTION: { meaning: '`csms answer` was told an action that no station asks with.' },
      CSMS_CALL_INVALID: {
        meaning: 'The action is none of the CSMS, or the payload does not fit its schema. It was not sent.',
      },
      CSMS_CALL_TIMEOUT: { meaning: 'The station did not answer in time.' },
      CSMS_LINK_LOST: { meaning: 'The station left before it answered.' },
      CSMS_BAD_ANSWER: { meaning: '`csms answer` was told an answer that there is not.' },
      CSMS_BAD_PARAMETER: { meaning: 'A parameter is missing or of the wrong type.' },
      CSMS_TAGS_INVALID: { meaning: 'The file with the cards cannot be read.' },
    },
  },
];
