/**
 * One model of a report, {@link io.lode.bench.report.Document}, from which text for a terminal, a
 * page and Markdown are drawn. The markup is in the templates beside the classes.
 */
@org.jspecify.annotations.NullMarked
package io.lode.bench.report;
