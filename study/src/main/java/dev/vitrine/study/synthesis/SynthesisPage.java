package dev.vitrine.study.synthesis;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.synthesis.SynthesisReport.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** View model of a {@link SynthesisReport}'s HTML. */
final class SynthesisPage {
    static final String STYLE = Html.resource(SynthesisPage.class, "synthesis.css");

    private static final int WIDTH = 300;
    private static final int HEIGHT = 80;
    private static final int POINTS = 200;
    private static final int COARSE_BELOW = 160;

    private SynthesisPage() {}

    static String html(SynthesisReport report) {
        return Html.of(output -> JtesynthesisGenerated.render(output, null, report));
    }

    static boolean isCoarse(Item item) {
        return Math.max(item.picture().getWidth(), item.picture().getHeight()) < COARSE_BELOW;
    }

    static Map<String, String> made(Provenance provenance) {
        Map<String, String> made = new LinkedHashMap<>();
        made.put("method", provenance.method());
        made.put("model", provenance.model());
        made.put("image", provenance.image());
        made.put("target", provenance.target());
        made.putAll(provenance.options());
        return made;
    }

    /** The objective's curve as plot points, thinned for drawing. */
    static String points(List<Double> course) {
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
        return points.toString().strip();
    }

    static String words(List<Double> course) {
        return String.format(
                Locale.ROOT,
                "objective over %d steps, from %.4g to %.4g",
                course.size(),
                course.get(0),
                course.get(course.size() - 1));
    }
}
