/** The option `terms`: texts to look for instead of the targets. */

import { z } from 'zod';

export const termsOption = z.array(z.string().min(1)).default([]).describe('texts to look for; empty = the targets');
