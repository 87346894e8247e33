import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');
const pages = globSync(['*.md', 'docs/**/*.md', 'examples/*/*.md', '.github/**/*.md'], { cwd: root }).sort();

/** The targets of links and images, without what stands in code. */
function linkTargets(markdown: string): string[] {
  const prose = markdown.replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2`*$/gm, '').replace(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const named = [...prose.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/gm)];
  return [...inline, ...named].map(([, target = '']) => target);
}

/** The anchors of a page as GitHub makes them: of its headings, and those written as HTML. */
function anchors(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
  const written = [...markdown.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id);
  return new Set([...headings, ...written]);
}

/** What is wrong with a link, or nothing. */
function problem(page: string, target: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [path = '', anchor] = decodeURI(target).split('#');
  const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
  if (relative(root, file).startsWith('..')) return `${target} leads out of the repository`;
  if (!existsSync(file)) return `${target} leads nowhere`;
  if (anchor === undefined || statSync(file).isDirectory() || !file.endsWith('.md')) return undefined;
  return anchors(readFileSync(file, 'utf8')).has(anchor) ? undefined : `${target}: there is no such heading`;
}

describe('documentation', () => {
  test('has pages', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/index.md']));
  });

  test.each(pages)('%s links only to what is there', (page) => {
    const targets = linkTargets(readFileSync(join(root, page), 'utf8'));
    expect(targets.flatMap((target) => problem(page, target) ?? [])).toEqual([]);
  });

  test('a link that leads nowhere is noticed', () => {
    expect(problem('README.md', 'docs/nowhere.md')).toBe('docs/nowhere.md leads nowhere');
    expect(problem('README.md', 'docs/index.md#nothing')).toBe('docs/index.md#nothing: there is no such heading');
    expect(linkTargets('[a](b.md) `[c](d.md)`\n```\n[e](f.md)\n```\n[g]: h.md\n')).toEqual(['b.md', 'h.md']);
  });

  test('every page below docs/ is reachable from its index', () => {
    const index = linkTargets(readFileSync(join(root, 'docs/index.md'), 'utf8')).map((target) => join('docs', target));
    const missing = pages.filter(
      (page) => /^docs\/(tutorials|how-to|explanation|reference)\//.test(page) && !index.includes(page),
    );
    expect(missing).toEqual([]);
  });

  test('README begins with exactly two commands', () => {
    const block = /^```[a-z]*\n([\s\S]*?)^```/m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1];
    expect(block?.trim().split('\n')).toEqual(['./mesh up', './mesh test']);
  });
});
