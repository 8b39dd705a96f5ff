package dev.vitrine.study.page;

import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.Key;
import dev.vitrine.lens.render.color.Scale;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A self-contained HTML file that shows pictures with explanations by several methods.
 *
 * @param title the page's heading
 * @param facts provenance of the whole page, such as the model's SHA-256 and versions, in display order
 * @param images in display order
 * @param sanity verdicts on the methods for this model; empty if not requested
 */
public record ExplanationPage(
        String title, Map<String, String> facts, List<Image> images, Optional<SanityFindings> sanity) {
    public ExplanationPage {
        facts = ordered(facts);
        images = List.copyOf(images);
    }

    public ExplanationPage(String title, Map<String, String> facts, List<Image> images) {
        this(title, facts, images, Optional.empty());
    }

    /**
     * One picture and its explanations.
     *
     * @param view the network's input as a picture
     * @param top the most likely classes, most likely first
     */
    public record Image(String name, BufferedImage view, List<Bar> top, List<Card> cards) {
        public Image {
            top = List.copyOf(top);
            cards = List.copyOf(cards);
        }
    }

    /** A class with its probability, 0..1, or a named raw score. */
    public record Bar(String label, double value, Measure measure) {
        /** Type of the value. */
        public enum Measure {
            PROBABILITY,
            NUMBER
        }

        public Bar {
            if (measure == Measure.PROBABILITY && !(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("probability " + value + " of " + label);
            }
        }

        public Bar(String label, double probability) {
            this(label, probability, Measure.PROBABILITY);
        }

        /** {@code 80.2 %} or {@code 43.9}. */
        public String words() {
            return measure == Measure.PROBABILITY ? String.format(Locale.ROOT, "%.1f %%", 100 * value) : number();
        }

        private String number() {
            String plain = String.format(Locale.ROOT, "%.4g", value);
            return plain.contains(".") && !plain.contains("e") ? plain.replaceFirst("\\.?0+$", "") : plain;
        }
    }

    /**
     * An explanation by one method.
     *
     * @param title display name of the method
     * @param answers the question that the method answers, one sentence
     * @param facts beyond the provenance: layer, seed, run time
     * @param notes caveats for reading the map, such as a completeness gap
     * @param files names of its files, relative to the page
     */
    public record Card(
            String title,
            String answers,
            Figure figure,
            Provenance provenance,
            Map<String, String> facts,
            List<String> notes,
            List<String> files) {
        public Card {
            facts = ordered(facts);
            notes = List.copyOf(notes);
            files = List.copyOf(files);
        }
    }

    /** The figure on a card. */
    public sealed interface Figure permits Overlay, Cover, Picture {}

    /** A map to blend over the view. */
    public record Overlay(BufferedImage layer, ColorBar bar) implements Figure {
        /** Painted with {@link HeatmapPainter#OVERLAY} at the size of the view. */
        public static Overlay of(Heatmap heatmap, Scale scale, BufferedImage view) {
            HeatmapPainter painter = HeatmapPainter.OVERLAY;
            return new Overlay(
                    painter.layer(heatmap, scale, view.getWidth(), view.getHeight()),
                    new ColorBar(painter.colors(scale), scale));
        }
    }

    /** A map that hides the view until faded, at the size of the view. */
    public record Cover(BufferedImage layer, Key key) implements Figure {}

    /** A picture that replaces the view. */
    public record Picture(BufferedImage picture) implements Figure {}

    /** Deterministic: the same page gives the same text. */
    public String html() {
        return new ExplanationView(this).html();
    }

    public void write(Path target) {
        OutputFile.write(target, html());
    }

    private static Map<String, String> ordered(Map<String, String> facts) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
}
