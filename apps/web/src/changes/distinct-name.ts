/** The file names in one archive are told apart, as two cameras count alike. */
export function distinctName(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let distinct = name;
  for (let number = 2; taken.has(distinct.toLowerCase()); number += 1) distinct = `${stem} (${number})${ending}`;
  taken.add(distinct.toLowerCase());
  return distinct;
}
