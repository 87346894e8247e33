/** The prefixes of a mesh. `mesh` and `telemetry` end in a slash, `external` stands before external topics as it is. */
export interface Prefixes {
  readonly mesh: string;
  readonly external: string;
  readonly telemetry: string;
}

/** The prefixes where a configuration says nothing. */
export const defaultPrefixes: Prefixes = { mesh: 'everest/', external: '', telemetry: 'everest-telemetry/' };

/** The names of the mesh's topics (bus.md 1.3), and of our own tree beside them, which no module of EVerest subscribes to. */
export class Topics {
  readonly prefixes: Prefixes;
  /** `chargemesh/`, or with another mesh prefix `chargemesh/<prefix>`, so that two meshes on one broker stay apart. */
  readonly own: string;

  constructor(prefixes: Prefixes = defaultPrefixes) {
    this.prefixes = prefixes;
    this.own = prefixes.mesh === defaultPrefixes.mesh ? 'chargemesh/' : `chargemesh/${prefixes.mesh}`;
  }

  get configRequest(): string {
    return `${this.prefixes.mesh}config/request`;
  }
  get ready(): string {
    return `${this.prefixes.mesh}ready`;
  }
  get shutdown(): string {
    return `${this.prefixes.mesh}shutdown`;
  }
  /** `interfaces`, `types`, `settings`, `module_names`, `manifests/X` … */
  definition(name: string): string {
    return `${this.prefixes.mesh}${name}`;
  }
  moduleResponse(moduleId: string): string {
    return `${this.prefixes.mesh}modules/${moduleId}/response`;
  }
  moduleReady(moduleId: string): string {
    return `${this.prefixes.mesh}modules/${moduleId}/ready`;
  }
  metadata(moduleId: string): string {
    return `${this.prefixes.mesh}modules/${moduleId}/metadata`;
  }
  setRequest(moduleId: string): string {
    return `${this.prefixes.mesh}modules/${moduleId}/config/set_request`;
  }
  setResponse(moduleId: string): string {
    return `${this.prefixes.mesh}modules/${moduleId}/config/set_response`;
  }
  command(moduleId: string, implementation: string, command: string): string {
    return `${this.#implementation(moduleId, implementation)}/cmd/${command}`;
  }
  commandResponse(moduleId: string, implementation: string, command: string, caller: string): string {
    return `${this.command(moduleId, implementation, command)}/response/${caller}`;
  }
  variable(moduleId: string, implementation: string, variable: string): string {
    return `${this.#implementation(moduleId, implementation)}/var/${variable}`;
  }
  error(moduleId: string, implementation: string, type: string): string {
    return `${this.#implementation(moduleId, implementation)}/error/${type}`;
  }
  /** Retained: whether a module is starting, ready or gone. Its last will is here too. */
  status(moduleId: string): string {
    return `${this.own}modules/${moduleId}/status`;
  }
  /** Where a module is asked for its journal, and told how far it was read. */
  journal(moduleId: string): string {
    return `${this.own}modules/${moduleId}/journal`;
  }
  journalAnswer(moduleId: string, reader: string): string {
    return `${this.journal(moduleId)}/answer/${reader}`;
  }
  journalState(moduleId: string): string {
    return `${this.journal(moduleId)}/state`;
  }
  /** Retained: the last value of a state variable, for late joiners. */
  keptVariable(moduleId: string, implementation: string, variable: string): string {
    return `${this.own}modules/${moduleId}/impl/${implementation}/var/${variable}`;
  }
  /** Retained: the errors of an implementation that are active now. */
  keptErrors(moduleId: string, implementation: string): string {
    return `${this.own}modules/${moduleId}/impl/${implementation}/errors`;
  }

  /** Everything that a module keeps for late joiners. */
  keptBy(moduleId: string): string {
    return `${this.own}modules/${moduleId}/impl/#`;
  }

  #implementation(moduleId: string, implementation: string): string {
    return `${this.prefixes.mesh}modules/${moduleId}/impl/${implementation}`;
  }
}
