/** Writes proposed cells into adapters/<backend>/close.yaml: `node src/binding/amend.ts <file that "drift --patch" wrote>`. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Document, isAlias, isCollection, isMap, isScalar, type Node, parseAllDocuments, parseDocument, visit } from 'yaml';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';

/** The text of a binding file with other cells. Comments outside of them stay; what other cells borrowed from them is written out there. */
export function amendedText(text: string, cells: JsonObject): string {
  const document = parseDocument(text);
  const bindings = document.get('bindings', true);
  if (!isMap(bindings)) throw new Error('the binding file has no bindings');
  for (const [operation, cell] of Object.entries(cells)) {
    writeOut(document, bindings.get(operation, true));
    bindings.set(operation, flowing(document, cell));
  }
  return document.toString({ lineWidth: 0 }).replaceAll(/\[ (.*?) \]/g, '[$1]');
}

/** Replaces every alias of an anchor inside the node by a copy. */
function writeOut(document: Document, node: unknown): void {
  if (!isCollection(node)) return;
  const anchors = new Set<string>();
  visit(node, (_, one) => {
    if ((isScalar(one) || isCollection(one)) && one.anchor) anchors.add(one.anchor);
  });
  visit(document, {
    Alias: (_, alias) => {
      const found = anchors.has(alias.source) ? alias.resolve(document) : undefined;
      if (!found) return undefined;
      const copy = found.clone() as Node; // whatever has an anchor is a node
      visit(copy, (__, one) => {
        if (isScalar(one) || isCollection(one)) delete one.anchor;
        return isAlias(one) ? visit.SKIP : undefined;
      });
      return copy;
    },
  });
}

/** One line per key, as the files are written by hand. */
function flowing(document: Document, cell: unknown): Node {
  const node = document.createNode(cell);
  if (isMap(node)) for (const { value } of node.items) if (isCollection(value)) value.flow = true;
  return node;
}

async function main(file: string): Promise<void> {
  const documents = parseAllDocuments(await readFile(file, 'utf8')).map((document): unknown => document.toJS());
  for (const proposed of documents) {
    const [backend, app] = [stringAt(proposed, 'backend'), stringAt(proposed, 'app')];
    if (!isObject(proposed) || !isObject(proposed['bindings']) || !/^[a-z]+$/.test(`${backend}${app}`))
      throw new Error(`${file} holds no proposal of "skillrouter drift --patch"`);
    const path = fileURLToPath(new URL(`../../adapters/${backend}/${app}.yaml`, import.meta.url));
    await writeFile(path, amendedText(await readFile(path, 'utf8'), proposed['bindings']));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2] ?? '');
