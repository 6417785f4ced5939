/** What one caller may do, where the policy would allow more. Operations are named as in the policy: `lead.delete`, `lead.*`, `*.merge`. */
export interface Scope {
  /** Nothing but reads. */
  readonly readOnly?: boolean;
  /** These and no others. */
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  /** Effects, `sends` or operations that need consent, beside those that the policy asks about. */
  readonly ask?: readonly string[];
  /** Of those: what whoever runs the server has consented to once and for all. The policy's own questions stay. */
  readonly approve?: readonly string[];
}
