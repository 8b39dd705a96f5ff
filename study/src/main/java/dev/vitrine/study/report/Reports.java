package dev.vitrine.study.report;

import dev.vitrine.study.page.Html;

/** Styles shared by the pages of studies. */
final class Reports {
    /** Appended to the common style sheet. */
    static final String STYLE = Html.resource(Reports.class, "report.css");

    private Reports() {}
}
