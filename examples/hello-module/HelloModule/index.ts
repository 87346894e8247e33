import { defineModule, type ModuleDefinition } from '@chargemesh/framework';
import type { HelloInterfaces, HelloManifest } from './types.ts';

const HelloModule: ModuleDefinition = defineModule<HelloManifest, HelloInterfaces>('HelloModule', (module) => {
  let greetings = 0;
  const main = module.provide('main');
  main.implement({
    greet: ({ name }) => {
      main.publish('greetings', ++greetings);
      return `${module.config.greeting}, ${name}!`;
    },
  });
  return undefined;
});
export default HelloModule;
