package dev.vitrine.study.report;

import dev.vitrine.study.page.Html;

/** What pages of studies share beside their layout. */
final class Reports {
    /** On top of the style sheet of all pages. */
    static final String STYLE = Html.resource(Reports.class, "report.css");

    private Reports() {}
}
