/**
 * Bundles the programs of the command line, each start of which would otherwise read some three hundred files. Each bundle has a
 * folder of its own below packages/cli/bundle, and `current` leads to the newest: programs that run still find the parts of theirs.
 * `./mesh` makes a new one when a source is newer than the bundle.
 *
 *     pnpm bundle
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** As many are kept as may be running still. */
const KEPT_BUNDLES = 4;

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'packages/cli/src');
const bundles = join(root, 'packages/cli/bundle');
mkdirSync(bundles, { recursive: true });
const folder = mkdtempSync(join(bundles, 'b-'));
// An installation is made by one user and run by others.
chmodSync(folder, 0o755);
/** Sources that change from here on are newer. */
writeFileSync(join(folder, 'stamp'), '');

/** A source goes on to derive paths from where it stands. */
const ownPlace: Plugin = {
  name: 'own place',
  setup({ onLoad }) {
    onLoad({ filter: /packages\/[^/]+\/src\/.*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta')) return undefined;
      const place = JSON.stringify(relative(folder, path));
      return { contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`), loader: 'ts' };
    });
  },
};

/** Node's own modules without their faces as ES modules, for which everything is loaded that somebody might ask them for. */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z:_/]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path: path.replace(/^(?!node:)/, 'node:'), namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }));
  },
};

/** What libraries tell by `DEBUG=…` is for the sources (`./mesh --modules`): each of those calls costs time, be it heard or not. */
const noDebug: Plugin = {
  name: 'no debug',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^debug$/ }, () => ({ path: 'debug', namespace: 'no-debug' }));
    onLoad({ filter: /.*/, namespace: 'no-debug' }, () => ({
      contents:
        'const silent = Object.assign(() => {}, { enabled: false, extend: () => silent }); module.exports = () => silent',
    }));
  },
};

function removeOldBundles(): void {
  const stampMs = (name: string): number =>
    statSync(join(bundles, name, 'stamp'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const older = readdirSync(bundles)
    .filter((name) => name.startsWith('b-'))
    .sort((a, b) => stampMs(b) - stampMs(a))
    .slice(KEPT_BUNDLES);
  for (const name of older) rmSync(join(bundles, name), { recursive: true });
}

try {
  await build({
    entryPoints: ['main.ts', 'manager-main.ts', 'module-main.ts'].map((name) => join(source, name)),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    conditions: ['development'],
    // What mqtt.js brings along for browsers and for Node.js of long ago.
    alias: { 'worker-timers': 'node:timers', 'readable-stream': 'node:stream' },
    // Some of what is no ES module asks for its parts by `require` as it runs.
    banner: {
      js: "import { createRequire as createRequireOf } from 'node:module';\nconst require = createRequireOf(import.meta.url);",
    },
    plugins: [ownPlace, noDebug, builtins],
    logLevel: 'warning',
  });
  const link = join(bundles, `${basename(folder)}.link`);
  symlinkSync(basename(folder), link);
  renameSync(link, join(bundles, 'current'));
} catch {
  // esbuild has said what is wrong.
  rmSync(folder, { recursive: true });
  process.exitCode = 1;
}
removeOldBundles();
