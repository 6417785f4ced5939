import { isObject } from '../contract/guards.ts';

/** A mapping that needs more than names: ours → theirs and back. */
export interface Transform {
  /** undefined: the value has no form over there. */
  encode(value: unknown): unknown;
  /** What cannot be read stays as it came, for validation to refuse. */
  decode(value: unknown): unknown;
}

const commaList: Transform = {
  encode: (value) => (isPlainList(value) ? value.join(',') : undefined),
  decode: (value) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value),
};

/** Addresses as objects with nothing but the address; one with more would lose what else it says. */
const addressObjects: Transform = {
  encode: (value) => (Array.isArray(value) ? value.map((email: unknown) => ({ email })) : undefined),
  decode: (value) => (Array.isArray(value) ? value.map((item: unknown) => (isAddressObject(item) ? item['email'] : item)) : value),
};

/** By the name that bindings use. */
export const TRANSFORMS: Readonly<Record<string, Transform>> = { 'comma-list': commaList, 'address-objects': addressObjects };

/** A list whose items come back out of one text: none is empty, has a comma, or space around it. */
function isPlainList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '' && !/,|^\s|\s$/.test(item))
  );
}

function isAddressObject(item: unknown): item is { readonly email: unknown } {
  return isObject(item) && Object.keys(item).length === 1 && 'email' in item;
}
