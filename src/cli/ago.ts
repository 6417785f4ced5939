const STEPS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1000 },
] as const;

/** How long ago an instant was, for a person: `3 min ago`. What lies ahead, by another machine's clock, is now. */
export function ago(at: string, now: Date): string {
  const ms = now.getTime() - Date.parse(at);
  const step = STEPS.find((one) => ms >= one.ms);
  if (!step) return 'now';
  const count = Math.floor(ms / step.ms);
  return `${count} ${step.unit === 'day' && count > 1 ? 'days' : step.unit} ago`;
}
