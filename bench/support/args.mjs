/** The arguments of a load process: one JSON object, so that each value has a name on both sides. */
export const readArgs = () => JSON.parse(process.argv[2]);

/** Prints the result of a load process; the run reads the last line. */
export const printResult = (result) => process.stdout.write(`${JSON.stringify(result)}\n`);
