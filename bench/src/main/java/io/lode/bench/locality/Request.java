package io.lode.bench.locality;

import java.util.List;

/**
 * What a run is to measure.
 *
 * @param sources folders, files and devices as named on the command line
 * @param measures what of each
 * @param effort how much
 * @param force whether data in a source may be lost
 * @param oracle whether a C program measures beside
 */
record Request(
    List<String> sources, List<Measure> measures, Effort effort, boolean force, boolean oracle) {}
