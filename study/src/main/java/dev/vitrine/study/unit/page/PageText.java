package dev.vitrine.study.unit.page;

import dev.vitrine.study.page.Html;
import dev.vitrine.study.unit.example.ExamplePainter.Drawn;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The markup that pages about units share, written piece by piece. */
public final class PageText {
    private final StringBuilder html = new StringBuilder(1 << 16);

    PageText(String title) {
        add(Html.head(title), Html.resource(PageText.class, "unit.css"), "</style>\n</head>\n<body>\n<header><h1>");
        add(Html.text(title), "</h1></header>\n<main>\n");
    }

    /** Markup as it is. */
    PageText add(Object... parts) {
        for (Object part : parts) {
            html.append(part);
        }
        return this;
    }

    PageText heading(String words) {
        return add("<h2>", Html.text(words), "</h2>\n");
    }

    PageText paragraph(String words) {
        return add("<p class=\"lead\">", Html.text(words), "</p>\n");
    }

    PageText image(BufferedImage image, String words) {
        return add(
                "<img alt=\"", Html.text(words), "\" title=\"", Html.text(words), "\" src=\"", Html.data(image), "\">");
    }

    /** Patches in rows of three, with a grid of their projections beside them where there are some. */
    PageText examples(String caption, List<Drawn> examples) {
        if (examples.isEmpty()) {
            return this;
        }
        add("<figure class=\"nine\"><figcaption>", Html.text(caption), "</figcaption>\n<div class=\"pair\">");
        add("<div class=\"grid3\">");
        for (Drawn one : examples) {
            add("<div class=\"tile\">").image(one.patch(), words(one)).add("</div>");
        }
        add("</div>");
        if (examples.stream().anyMatch(one -> one.projection().isPresent())) {
            add("<div class=\"grid3\">");
            for (Drawn one : examples) {
                add("<div class=\"tile\">");
                one.projection()
                        .ifPresent(projection -> image(projection, "what of it the unit answers to: " + words(one)));
                add("</div>");
            }
            add("</div>");
        }
        return add("</div></figure>\n");
    }

    private static String words(Drawn one) {
        return one.name() + ": " + number(one.example().value()) + " at row "
                + one.example().row() + ", column " + one.example().column();
    }

    /** The whole page, with what it was made from at its foot. */
    String end(Map<String, String> facts, String script) {
        add("</main>\n<footer>\n", Html.facts(facts), "</footer>\n");
        if (!script.isEmpty()) {
            add("<script>\n", script, "</script>\n");
        }
        return add("</body>\n</html>\n").html.toString();
    }

    /** Three significant digits. */
    public static String number(double value) {
        if (value == 0) {
            return "0";
        }
        double magnitude = Math.abs(value);
        String text = magnitude >= 1e5 || magnitude < 1e-3
                ? String.format(Locale.ROOT, "%.2e", value)
                : String.format(
                        Locale.ROOT, "%." + Math.max(0, 2 - (int) Math.floor(Math.log10(magnitude))) + "f", value);
        return text.replace("-", "−");
    }

    /** Of what is neither nothing nor everything, one digit more. */
    public static String percent(double share) {
        double percent = 100 * share;
        if (percent > 0 && percent < 0.1) {
            return "under 0.1 %";
        }
        boolean near = percent > 0 && percent < 10 || percent > 99 && percent < 100;
        return String.format(Locale.ROOT, near ? "%.1f %%" : "%.0f %%", percent);
    }
}
