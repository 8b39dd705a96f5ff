package dev.vitrine.study.page;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.color.ClassKey;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.Key;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.study.page.ExplanationPage.Bar;
import dev.vitrine.study.page.ExplanationPage.Card;
import dev.vitrine.study.page.ExplanationPage.Cover;
import dev.vitrine.study.page.ExplanationPage.Figure;
import dev.vitrine.study.page.ExplanationPage.Image;
import dev.vitrine.study.page.ExplanationPage.Overlay;
import dev.vitrine.study.page.ExplanationPage.Picture;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The HTML of an {@link ExplanationPage}. */
final class PageWriter {
    private static final int COARSE_BELOW = 160;
    private static final int GRADIENT_STOPS = 16;
    private static final int START_OPACITY = 85;

    private final ExplanationPage page;
    private final Map<BufferedImage, String> pictures;
    private final StringBuilder html = new StringBuilder(1 << 20);

    PageWriter(ExplanationPage page) {
        this.page = page;
        this.pictures = Stream.concat(
                        page.images().stream().map(Image::view),
                        cards().stream().map(card -> shown(card.figure())))
                .distinct()
                .parallel()
                .collect(Collectors.toConcurrentMap(Function.identity(), Html::data));
    }

    private static BufferedImage shown(Figure figure) {
        if (figure instanceof Overlay overlay) {
            return overlay.layer();
        }
        return figure instanceof Cover cover ? cover.layer() : ((Picture) figure).picture();
    }

    String html() {
        add(Html.head(page.title()));
        for (int index = 0; index < page.images().size(); index++) {
            view(index, page.images().get(index).view());
        }
        add("</style>\n<noscript><style>.opacity{display:none}</style></noscript>\n</head>\n<body>\n");
        header();
        add("<main>\n");
        legend();
        for (int index = 0; index < page.images().size(); index++) {
            image(index, page.images().get(index));
        }
        add("</main>\n");
        footer();
        add("<script>\n", Html.resource(PageWriter.class, "page.js"), "</script>\n</body>\n</html>\n");
        return html.toString();
    }

    // The view is one rule of the style sheet, so that its bytes are in the page once and not once a card.
    private void view(int index, BufferedImage view) {
        add(".v", index, "{aspect-ratio:", view.getWidth(), "/", view.getHeight());
        add("}.v", index, "::before{background-image:url(", pictures.get(view), ")}\n");
    }

    private void header() {
        add("<header>\n<h1>", Html.text(page.title()), "</h1>\n");
        if (cards().stream().anyMatch(card -> !(card.figure() instanceof Picture))) {
            slider("All maps", "all", "Opacity of all maps");
        }
        add("</header>\n");
    }

    private void legend() {
        List<ColorBar> bars = cards().stream()
                .map(Card::figure)
                .filter(Overlay.class::isInstance)
                .map(figure -> ((Overlay) figure).bar())
                .toList();
        if (bars.isEmpty()) {
            return;
        }
        add("<section class=\"legend\" aria-label=\"Colours\">\n");
        for (Polarity polarity : Polarity.values()) {
            bars.stream()
                    .filter(bar -> bar.scale().polarity() == polarity)
                    .findFirst()
                    .ifPresent(this::legend);
        }
        add("</section>\n");
    }

    private void legend(ColorBar bar) {
        add("<p><span class=\"swatch\" style=\"background:", gradient(bar), "\"></span> ");
        add(
                switch (bar.scale().polarity()) {
                    case SIGNED ->
                        "<span><b>Red</b> speaks for the target, <b>blue</b> against it; clear says nothing.</span>";
                    case UNSIGNED ->
                        "<span>The <b>brighter</b> the colour, the more a place counts; clear counts for nothing.</span>";
                });
        add("</p>\n");
    }

    private void image(int index, Image image) {
        add("<section class=\"image\" aria-labelledby=\"image", index, "\">\n<div class=\"subject\">\n");
        add("<h2 id=\"image", index, "\" dir=\"auto\">", Html.text(image.name()), "</h2>\n");
        add("<div class=\"stage plain v", index, coarse(image.view()), "\" role=\"img\" aria-label=\"");
        add(Html.text(image.name()), ", as the network sees it\"></div>\n");
        if (!image.top().isEmpty()) {
            add("<ol class=\"top\" aria-label=\"Likeliest classes\">\n");
            image.top().forEach(this::bar);
            add("</ol>\n");
        }
        add("</div>\n<div class=\"cards\">\n");
        image.cards().forEach(card -> card(index, image, card));
        add("</div>\n</section>\n");
    }

    private void bar(Bar bar) {
        boolean probability = bar.measure() == Bar.Measure.PROBABILITY;
        String percent = String.format(Locale.ROOT, "%.1f", 100 * bar.value());
        String share = percent.equals("0.0") && bar.value() > 0 ? "&lt; 0.1 %" : bar.words();
        add(
                "<li><span class=\"name\" dir=\"auto\" title=\"",
                Html.text(bar.label()),
                "\">",
                Html.text(bar.label()),
                "</span>");
        add("<span class=\"share\">", probability ? share : bar.words(), "</span>");
        add(probability ? "<span class=\"track\"><span style=\"width:" + percent + "%\"></span></span>" : "");
        add("</li>\n");
    }

    private void card(int index, Image image, Card card) {
        add("<article class=\"card\">\n");
        figure(index, image, card, card.figure());
        add("<div class=\"words\">\n<h3>", Html.text(card.title()), "</h3>\n");
        add("<p class=\"answers\">", Html.text(card.answers()), "</p>\n");
        add(
                "<p class=\"target\"><span>Target</span> ",
                Html.text(card.provenance().target()),
                "</p>\n");
        for (String note : card.notes()) {
            add("<p class=\"note\">", Html.text(note), "</p>\n");
        }
        add("<details>\n<summary>How it was made</summary>\n");
        facts(made(card));
        add("</details>\n");
        if (!card.files().isEmpty()) {
            add("<p class=\"files\">");
            add(card.files().stream()
                    .map(file -> "<a href=\"" + Html.text(link(file)) + "\">" + Html.text(file) + "</a>")
                    .collect(Collectors.joining(" ")));
            add("</p>\n");
        }
        add("</div>\n</article>\n");
    }

    private static Map<String, String> made(Card card) {
        Provenance provenance = card.provenance();
        Map<String, String> made = new LinkedHashMap<>();
        made.put("method", provenance.method());
        made.put("model", provenance.model());
        made.putAll(provenance.options());
        made.putAll(card.facts());
        return made;
    }

    private void figure(int index, Image image, Card card, Figure figure) {
        String about = Html.text(card.title() + " for " + card.provenance().target());
        if (figure instanceof Overlay || figure instanceof Cover) {
            add("<div class=\"stage v", index, coarse(image.view()), "\" role=\"img\" aria-label=\"");
            add(about, ", laid over ", Html.text(image.name()), "\"><img class=\"layer\" alt=\"\" src=\"");
            add(pictures.get(shown(figure)), "\"></div>\n");
            slider("Map", "one", "Opacity of the map of " + card.title());
            if (figure instanceof Overlay overlay) {
                bar(overlay.bar(), gradient(overlay.bar()));
            } else if (figure instanceof Cover cover) {
                key(cover.key());
            }
        } else if (figure instanceof Picture picture) {
            add("<img class=\"whole", coarse(picture.picture()), "\" alt=\"", about, "\" width=\"");
            add(picture.picture().getWidth(), "\" height=\"", picture.picture().getHeight(), "\" src=\"");
            add(pictures.get(picture.picture()), "\">\n");
        }
    }

    private void key(Key key) {
        if (key instanceof ColorBar bar) {
            bar(bar, gradient(bar, position -> 1));
        } else if (key instanceof ClassKey classes) {
            add("<ul class=\"classes\">\n");
            for (ClassKey.Entry entry : classes.entries()) {
                add("<li><span style=\"background:#", String.format(Locale.ROOT, "%06x", entry.rgb()), "\"></span>");
                add("<span>", Html.text(entry.label()), "</span><span>", entry.percent(), "</span></li>\n");
            }
            add("</ul>\n");
        }
    }

    private void bar(ColorBar bar, String gradient) {
        add("<div class=\"scale\"><div style=\"background:", gradient, "\"></div>");
        add("<span>", Html.text(bar.lowLabel()), "</span>");
        add(bar.scale().polarity() == Polarity.SIGNED ? "<span>0</span>" : "");
        add("<span>", Html.text(bar.highLabel()), "</span></div>\n");
    }

    private void slider(String caption, String reach, String label) {
        add(
                "<label class=\"opacity\"><span>",
                caption,
                "</span><input type=\"range\" min=\"0\" max=\"100\" step=\"5\"");
        add(" value=\"", START_OPACITY, "\" data-reach=\"", reach, "\" aria-label=\"", Html.text(label), "\">");
        add("<output>", START_OPACITY, " %</output></label>\n");
    }

    private void footer() {
        add("<footer>\n");
        facts(page.facts());
        add("</footer>\n");
    }

    private void facts(Map<String, String> facts) {
        add(Html.facts(facts));
    }

    private List<Card> cards() {
        return page.images().stream().flatMap(image -> image.cards().stream()).toList();
    }

    private static String coarse(BufferedImage picture) {
        return picture.getWidth() < COARSE_BELOW ? " coarse" : "";
    }

    private static String gradient(ColorBar bar) {
        boolean signed = bar.scale().polarity() == Polarity.SIGNED;
        return gradient(bar, position -> HeatmapPainter.opacity(signed ? Math.abs(2 * position - 1) : position));
    }

    private static String gradient(ColorBar bar, DoubleUnaryOperator opacity) {
        StringBuilder stops = new StringBuilder("linear-gradient(90deg");
        for (int stop = 0; stop <= GRADIENT_STOPS; stop++) {
            double position = (double) stop / GRADIENT_STOPS;
            stops.append(String.format(
                    Locale.ROOT,
                    ",#%06x%02x",
                    bar.colours().rgb(position),
                    Math.round(255 * opacity.applyAsDouble(position))));
        }
        return stops.append(')').toString();
    }

    private static String link(String file) {
        try {
            return new URI(null, null, "./" + file, null).toASCIIString();
        } catch (URISyntaxException cause) {
            throw new IllegalArgumentException("file name '" + file + "'", cause);
        }
    }

    private void add(Object... parts) {
        for (Object part : parts) {
            html.append(part);
        }
    }
}
