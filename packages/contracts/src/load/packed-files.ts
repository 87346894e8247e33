import type { ContractFiles } from './contract-files.ts';
import { CONTRACT_KINDS } from './read-contract-files.ts';

type Packed = Readonly<Record<keyof ContractFiles, Readonly<Record<string, string>>>>;

/** All contract files as one JSON text in which each file is a text of its own: a module needs a few of them only. */
export function packFiles(files: ContractFiles): string {
  const pack = (kind: keyof ContractFiles) =>
    Object.fromEntries(Object.entries(files[kind]).map(([name, file]) => [name, JSON.stringify(file)]));
  return JSON.stringify(Object.fromEntries(CONTRACT_KINDS.map((kind) => [kind, pack(kind)])));
}

/** The same files again, each parsed when it is first looked at. */
export function unpackFiles(text: string): ContractFiles {
  const packed = JSON.parse(text) as Packed;
  return {
    interfaces: parsedWhenAsked(packed.interfaces),
    types: parsedWhenAsked(packed.types),
    errors: parsedWhenAsked(packed.errors),
    manifests: parsedWhenAsked(packed.manifests),
  };
}

function parsedWhenAsked<File>(texts: Readonly<Record<string, string>>): Record<string, File> {
  const files: Record<string, File> = {};
  for (const [name, text] of Object.entries(texts)) {
    let file: File | undefined;
    const get = (): File => {
      file ??= JSON.parse(text) as File;
      return file;
    };
    Object.defineProperty(files, name, { enumerable: true, get });
  }
  return files;
}
