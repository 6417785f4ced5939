import fc from 'fast-check';

/**
 * Properties draw the same inputs in every run, so that a change is judged by the change.
 * `FC_SEED=random` (or a number, as fast-check prints it) searches elsewhere.
 */
const { FC_SEED } = process.env;
if (FC_SEED !== 'random') fc.configureGlobal({ seed: FC_SEED === undefined ? 20_261_121 : Number(FC_SEED) });
