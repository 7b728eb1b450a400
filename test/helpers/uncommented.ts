/** Takes the `#` away from every member of a configuration that is a comment. */
export function uncommented(config: string): string {
  return config.replace(/^( *)# (?=(?: *)(?:- (?:\{id|id:)|[a-zA-Z]+: ?(?:[\w\d[{"$]|$)))/gm, (line, indent: string) =>
    /\$schema/.test(line) ? line : indent,
  );
}
