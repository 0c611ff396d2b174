/** What every benchmark needs: its medium, a C program, statistics, and where it ran. */
@org.jspecify.annotations.NullMarked
package io.lode.bench.run;
