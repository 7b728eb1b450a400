/** Makes small PDF documents, good and bad. */

export interface PdfOptions {
  /** The text of each page; default one page. */
  readonly texts?: readonly string[];
  /** Points; default US letter. */
  readonly width?: number;
  readonly height?: number;
  /** Whether a password is needed. */
  readonly isEncrypted?: boolean;
}

/** A document with one line of Helvetica a page. */
export function pdfBytes({
  texts = ['Hello'],
  width = 612,
  height = 792,
  isEncrypted = false,
}: PdfOptions = {}): Buffer {
  const pages = texts.map((_, index) => 4 + 2 * index);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${texts.length} /Kids [${pages.map((number) => `${number} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...texts.flatMap((text, index) => {
      const content = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
      const resources = '/Resources << /Font << /F1 3 0 R >> >>';
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] ${resources} /Contents ${5 + 2 * index} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
    ...(isEncrypted ? [ENCRYPTION] : []),
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const encrypt = isEncrypted ? ` /Encrypt ${objects.length} 0 R /ID [<00> <00>]` : '';
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${encrypt} >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}${trailer}`, 'latin1');
}

/** RC4 of 40 bits with a user password that is not empty. */
const ENCRYPTION = `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${'1a'.repeat(32)}> /U <${'2b'.repeat(32)}> >>`;
