package dev.vitrine.study.report;

import dev.vitrine.study.page.Html;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A page of a study under construction: heading, sections, and how it was made. */
public final class ReportPage {
    private final StringBuilder html = new StringBuilder(1 << 16);

    /**
     * @param missing what is not done, where the work was stopped
     */
    public ReportPage(String title, Optional<String> missing) {
        add(Html.head(title), Html.resource(ReportPage.class, "report.css"), "</style>\n</head>\n<body>\n");
        add("<header><h1>", Html.text(title), "</h1></header>\n<main>\n");
        missing.ifPresent(words -> add("<p class=\"note wide\"><b>Partial.</b> ", Html.text(words), "</p>\n"));
    }

    /** Adds markup. */
    public ReportPage add(Object... parts) {
        for (Object part : parts) {
            html.append(part);
        }
        return this;
    }

    /** Begins a section with a heading, plain text. */
    public ReportPage section(String heading) {
        return add("<section>\n<h2>", Html.text(heading), "</h2>\n");
    }

    /** A section of the pictures that could not be read, where there are any, with what is wrong with each. */
    public ReportPage unreadable(List<String> reasons) {
        if (reasons.isEmpty()) {
            return this;
        }
        section("Left out").add("<p class=\"lead\">", reasons.size());
        add(reasons.size() == 1 ? " picture" : " pictures", " could not be read.</p>\n<ul>\n");
        reasons.forEach(reason -> add("<li class=\"small\">", Html.text(reason), "</li>\n"));
        return add("</ul>\n").end();
    }

    public ReportPage end() {
        return add("</section>\n");
    }

    /** The whole page. */
    public String html(Map<String, String> facts) {
        return html + "</main>\n<footer>\n" + Html.facts(facts) + "</footer>\n</body>\n</html>\n";
    }
}
