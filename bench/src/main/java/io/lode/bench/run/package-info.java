/** What every benchmark needs: its medium, child processes, statistics, and where it ran. */
@org.jspecify.annotations.NullMarked
package io.lode.bench.run;
