package dev.vitrine.study.synthesis;

import dev.vitrine.study.page.Html;
import dev.vitrine.study.synthesis.SynthesisReport.Item;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The HTML of a {@link SynthesisReport}. */
final class SynthesisPageWriter {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 80;
    private static final int POINTS = 200;
    private static final int COARSE_BELOW = 160;

    private final SynthesisReport report;
    private final StringBuilder html = new StringBuilder(1 << 20);

    SynthesisPageWriter(SynthesisReport report) {
        this.report = report;
    }

    String html() {
        add(Html.head(report.title()), Html.resource(SynthesisPageWriter.class, "synthesis.css"));
        add("</style>\n</head>\n<body>\n<header>\n<h1>", Html.text(report.title()), "</h1>\n");
        add("<p>", Html.text(report.answers()), "</p>\n</header>\n<main class=\"made\">\n");
        report.items().forEach(this::item);
        add("</main>\n<footer>\n", Html.facts(report.facts()), "</footer>\n</body>\n</html>\n");
        return html.toString();
    }

    private void item(Item item) {
        boolean coarse = Math.max(item.picture().getWidth(), item.picture().getHeight()) < COARSE_BELOW;
        add("<figure>\n<img", coarse ? " class=\"coarse\"" : "", " alt=\"", Html.text(item.title()), "\" src=\"");
        add(Html.data(item.picture()), "\">\n");
        item.animation()
                .ifPresent(gif -> add(
                        "<details><summary>How it grew</summary><img alt=\"",
                        Html.text(item.title() + ", step by step"),
                        "\" src=\"data:image/gif;base64,",
                        Base64.getEncoder().encodeToString(gif),
                        "\"></details>\n"));
        add("<figcaption>\n<h2>", Html.text(item.title()), "</h2>\n");
        add(Html.facts(item.facts()));
        if (item.course().size() > 1) {
            plot(item.course());
        }
        Map<String, String> made = new LinkedHashMap<>();
        made.put("method", item.provenance().method());
        made.put("model", item.provenance().model());
        made.put("image", item.provenance().image());
        made.put("target", item.provenance().target());
        made.putAll(item.provenance().options());
        add("<details><summary>How it was made</summary>\n", Html.facts(made), "</details>\n<p class=\"files\">");
        item.files().forEach(file -> add("<a href=\"", Html.text(file), "\">", Html.text(file), "</a> "));
        add("</p>\n</figcaption>\n</figure>\n");
    }

    private void plot(List<Double> course) {
        double low = course.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double high = course.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double range = high > low ? high - low : 1;
        StringBuilder points = new StringBuilder();
        int count = Math.min(POINTS, course.size());
        for (int i = 0; i < count; i++) {
            double value = course.get((int) ((long) i * (course.size() - 1) / (count - 1)));
            points.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    (double) i * WIDTH / (count - 1),
                    HEIGHT - 4 - (value - low) / range * (HEIGHT - 8)));
        }
        String words = String.format(
                Locale.ROOT,
                "objective over %d steps, from %.4g to %.4g",
                course.size(),
                course.get(0),
                course.get(course.size() - 1));
        add(
                "<svg viewBox=\"0 0 ",
                Integer.toString(WIDTH),
                " ",
                Integer.toString(HEIGHT),
                "\" role=\"img\" aria-label=\"");
        add(
                words,
                "\"><polyline points=\"",
                points.toString().strip(),
                "\"/></svg>\n<p class=\"course\">",
                words,
                "</p>\n");
    }

    private void add(String... parts) {
        for (String part : parts) {
            html.append(part);
        }
    }
}
