/** One fault that a JSON schema found: where (a JSON pointer), which keyword, and in words. */
export interface SchemaFault {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** Holds payloads against the JSON schemas of OCPP 1.6; `createFrameValidator()` of @chargemesh/ocpp-core makes one. */
export interface FrameValidator {
  /** Whether the schemas know an action of this name. */
  isAction(name: string): boolean;
  request(action: string, payload: unknown): readonly SchemaFault[];
  response(action: string, payload: unknown): readonly SchemaFault[];
}
