package io.lode.bench.locality;

/**
 * What follows from figures, in words.
 *
 * @param text a sentence
 * @param confidence how far the rounds of the run agree on it: high, medium, low
 * @param evidence what it rests on
 */
record Verdict(String text, String confidence, String evidence) {}
