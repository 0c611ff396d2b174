package io.lode.bench.locality;

import io.lode.bench.run.Html;

/** A report as one page. */
final class LocalityPage {
  private LocalityPage() {}

  static String of(LocalityReport report) {
    return Html.begin(report.title(), "") + Html.end();
  }
}
