/** The types of interfaces/hello.yaml. */
export interface HelloInterfaces {
  hello: {
    commands: { greet: { args: { name: string }; result: string } };
    variables: { greetings: number };
    errors: never;
  };
}

/** The types of manifest.yaml. */
export interface HelloManifest {
  config: { greeting: string };
  // biome-ignore lint/complexity/noBannedTypes: no configuration of its own
  provides: { main: { interface: 'hello'; config: {} } };
  // biome-ignore lint/complexity/noBannedTypes: it needs nobody
  requires: {};
}
