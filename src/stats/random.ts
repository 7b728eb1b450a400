/** Random numbers that can be repeated, for resampling. */

import { requireCount } from './check-arguments.ts';

/** Whole numbers from 0 to 2^32 - 1. */
export type RandomBits = () => number;

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators"). Its four words of state
 * are the first two outputs of SplitMix64 (Steele, Lea and Flood 2014) for the seed, the low half of each before the
 * high half, so seeds that are close to one another give unrelated sequences. `seed`: a whole number of at least 0.
 */
export function createRandom(seed: number): RandomBits {
  requireCount('seed', seed);
  const [first, second] = splitMix64(BigInt(seed));
  let a = Number(BigInt.asUintN(32, first));
  let b = Number(first >> 32n);
  let c = Number(BigInt.asUintN(32, second));
  let d = Number(second >> 32n);
  return () => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  };
}

/** A whole number from 0 to n - 1, n up to 2^32; the shares differ by less than n / 2^32. */
export function randomBelow(random: RandomBits, n: number): number {
  return Math.floor((random() * n) / 2 ** 32);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function splitMix64(seed: bigint): readonly [bigint, bigint] {
  const output = (step: bigint) => {
    let mixed = BigInt.asUintN(64, seed + step * 0x9e3779b97f4a7c15n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return mixed ^ (mixed >> 31n);
  };
  return [output(1n), output(2n)];
}
