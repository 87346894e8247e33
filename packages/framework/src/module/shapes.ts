/** What an interface offers, as types: the generated contracts have this shape, and so has an interface of your own. */
export interface InterfaceShape {
  // biome-ignore lint/suspicious/noExplicitAny: a constraint that every concrete argument object meets
  commands: Record<string, { args: any; result: unknown }>;
  variables: Record<string, unknown>;
  errors: string;
}

/** The interfaces that a module's manifest may name. */
export type InterfacesShape = Record<string, InterfaceShape>;

/** What a manifest says, as types. */
export interface ManifestShape {
  config: object;
  provides: Record<string, { interface: string; config: object }>;
  requires: Record<string, { interface: string }>;
}

type Named<I extends object, N> = N extends keyof I ? (I[N] extends InterfaceShape ? I[N] : never) : never;

/** The interface behind the implementation `P` that a module provides. */
export type ProvidedInterface<M extends ManifestShape, I extends object, P extends keyof M['provides']> = Named<
  I,
  M['provides'][P]['interface']
>;

/** The interface behind the requirement `R` of a module. */
export type RequiredInterface<M extends ManifestShape, I extends object, R extends keyof M['requires']> = Named<
  I,
  M['requires'][R]['interface']
>;
