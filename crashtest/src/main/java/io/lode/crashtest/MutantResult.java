package io.lode.crashtest;

/**
 * What became of a planted fault.
 *
 * @param name the mutant
 * @param caught whether it was noticed
 * @param by what noticed it, or how much was tried in vain
 */
public record MutantResult(String name, boolean caught, String by) {}
