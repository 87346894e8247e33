export { repositoryFolder } from './artifacts/sources.ts';
export { Contracts } from './contracts.ts';
export type { ErrorType } from './generated/errors.ts';
export type * from './generated/interfaces.ts';
export type { Manifests, ModuleName } from './generated/manifests.ts';
export type * as types from './generated/types.ts';
export type { ContractFiles } from './load/contract-files.ts';
export { checkDocument, loadContracts } from './load-contracts.ts';
export type { ErrorsContract } from './model/errors-contract.ts';
export {
  type CommandContract,
  DEFAULT_DEADLINE_S,
  type InterfaceContract,
  type VariableContract,
  type VariableKind,
} from './model/interface-contract.ts';
export type { JsonSchema, JsonTypeName, JsonValue } from './model/json-schema.ts';
export type { ConfigEntry, ConfigValue, Manifest, Mutability, Provision, Requirement } from './model/manifest.ts';
export type { TypesContract } from './model/types-contract.ts';
export type { DocumentKind } from './validate/documents.ts';
export { describeFaults, type Fault, NO_FAULTS, type Validate } from './validate/fault.ts';
export type { Validators } from './validate/validators.ts';
export type { WireError, WireInterface } from './wire/wire-interface.ts';
export type { WireManifest } from './wire/wire-manifest.ts';
