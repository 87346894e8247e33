import { ChargemeshError } from '@chargemesh/base';
import type { Contracts } from '../contracts.ts';
import type { CompiledValidator, CompiledValidators } from './compile.ts';
import { explain } from './explain.ts';
import { type Fault, NO_FAULTS, type Validate } from './fault.ts';
import { validatorId } from './interface-schemas.ts';

/** Where compiled validators come from. */
export interface ValidatorSource {
  interfaceValidators(name: string): CompiledValidators;
  manifestValidators(module: string): CompiledValidators;
}

/**
 * The validators of all contracts. Each is loaded when first asked for and kept; ask once and hold on to the function where many
 * values are checked.
 */
export class Validators {
  readonly #contracts: Contracts;
  readonly #source: ValidatorSource;
  readonly #cache = new Map<string, Validate>();

  constructor(contracts: Contracts, source: ValidatorSource) {
    this.#contracts = contracts;
    this.#source = source;
  }

  /** For a variable's value; paths begin with `data`. @throws ChargemeshError `CONTRACT_UNKNOWN` */
  variable(interfaceName: string, variable: string): Validate {
    return this.#cached(`variable ${interfaceName} ${variable}`, () => {
      known(this.#contracts.interface(interfaceName).variables, variable, `variable of ${interfaceName}`);
      return check(this.#ofInterface(interfaceName, validatorId.variable(variable)), 'data');
    });
  }

  /**
   * For the arguments of a command that arrives: every declared argument is there and valid. Others are ignored, and `null`, which
   * callers send for commands without arguments, stands for no arguments. Paths begin with `args`.
   *
   * @throws ChargemeshError `CONTRACT_UNKNOWN`
   * @see reference bus.md 1.7
   */
  commandArgs(interfaceName: string, command: string): Validate {
    return this.#cached(`args ${interfaceName} ${command}`, () => {
      this.#command(interfaceName, command);
      const validate = check(this.#ofInterface(interfaceName, validatorId.args(command)), 'args');
      return (value) => validate(value ?? {});
    });
  }

  /** As {@link commandArgs}, for a command that is about to be sent: arguments that the contract does not know are faults too. */
  sentCommandArgs(interfaceName: string, command: string): Validate {
    return this.#cached(`sent ${interfaceName} ${command}`, () => {
      const declared = this.#command(interfaceName, command).arguments;
      const validate = this.commandArgs(interfaceName, command);
      return (value) => {
        const faults = validate(value);
        const extras = Object.keys(value ?? {}).filter((name) => !Object.hasOwn(declared, name));
        if (extras.length === 0) return faults;
        return [...faults, ...extras.map((name) => ({ path: `args.${name}`, message: 'is not known here' }))];
      };
    });
  }

  /** For what a command returns, `null` where it returns nothing; paths begin with `result`. @throws ChargemeshError `CONTRACT_UNKNOWN` */
  commandResult(interfaceName: string, command: string): Validate {
    return this.#cached(`result ${interfaceName} ${command}`, () => {
      this.#command(interfaceName, command);
      return check(this.#ofInterface(interfaceName, validatorId.result(command)), 'result');
    });
  }

  /**
   * For the configuration of a module, or of one of its implementations, before or after defaults are filled in: an object by key.
   * Unknown keys are no fault. Paths are the keys.
   *
   * @throws ChargemeshError `CONTRACT_UNKNOWN`
   */
  config(module: string, implementation?: string): Validate {
    return this.#cached(`config ${module} ${implementation ?? ''}`, () => {
      const manifest = this.#contracts.manifest(module);
      if (implementation !== undefined) known(manifest.provides, implementation, `implementation of ${module}`);
      const validators = this.#source.manifestValidators(module);
      return check(compiled(validators, validatorId.config(implementation)), '');
    });
  }

  #command(interfaceName: string, command: string) {
    return known(this.#contracts.interface(interfaceName).commands, command, `command of ${interfaceName}`);
  }

  #ofInterface(name: string, id: string): CompiledValidator {
    return compiled(this.#source.interfaceValidators(name), id);
  }

  #cached(key: string, make: () => Validate): Validate {
    const present = this.#cache.get(key);
    if (present) return present;
    const validate = make();
    this.#cache.set(key, validate);
    return validate;
  }
}

function check(validator: CompiledValidator, rootName: string): Validate {
  return (value): readonly Fault[] => (validator(value) ? NO_FAULTS : explain(value, validator.errors ?? [], rootName));
}

function compiled(validators: CompiledValidators, id: string): CompiledValidator {
  const validator = validators[id];
  if (!validator) throw new ChargemeshError('CONTRACT_UNKNOWN', `no validator was compiled for ${id}`);
  return validator;
}

function known<T>(entries: Readonly<Record<string, T>>, name: string, kind: string): T {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry === undefined) throw new ChargemeshError('CONTRACT_UNKNOWN', `there is no ${kind} named ${name}`);
  return entry;
}
