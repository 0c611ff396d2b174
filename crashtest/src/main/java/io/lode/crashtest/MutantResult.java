package io.lode.crashtest;

/**
 * The result of planting a fault.
 *
 * @param name the mutant
 * @param caught whether it was detected
 * @param by what detected it, or how much was tried without success
 */
public record MutantResult(String name, boolean caught, String by) {}
