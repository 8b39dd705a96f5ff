package dev.vitrine.study.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.page.ExplanationPage.Bar;
import dev.vitrine.study.page.ExplanationPage.Card;
import dev.vitrine.study.page.ExplanationPage.Cover;
import dev.vitrine.study.page.ExplanationPage.Overlay;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The content of an {@link ExplanationPage} without pictures, as JSON in a fixed order; {@code format} is 1. */
public record Summary(int format, String title, Map<String, String> facts, List<Image> images) {
    private static final int FORMAT = 1;

    record Image(String name, int width, int height, List<Likely> top, List<Explained> explanations) {
        Image(ExplanationPage.Image image) {
            this(
                    image.name(),
                    image.view().getWidth(),
                    image.view().getHeight(),
                    image.top().stream().map(Likely::new).toList(),
                    image.cards().stream().map(Explained::new).toList());
        }
    }

    /** A class with its probability, or a raw score. */
    @JsonInclude(Include.NON_ABSENT)
    record Likely(String label, Optional<Double> probability, Optional<Double> value) {
        Likely(Bar bar) {
            this(
                    bar.label(),
                    Optional.of(bar.value()).filter(number -> bar.measure() == Bar.Measure.PROBABILITY),
                    Optional.of(bar.value()).filter(number -> bar.measure() == Bar.Measure.NUMBER));
        }
    }

    @JsonInclude(Include.NON_ABSENT)
    record Explained(
            String method,
            String title,
            String model,
            String image,
            String target,
            Map<String, String> options,
            Map<String, String> facts,
            Optional<Colors> scale,
            List<String> notes,
            List<String> files) {
        Explained(Card card) {
            this(card, card.provenance());
        }

        private Explained(Card card, Provenance provenance) {
            this(
                    provenance.method(),
                    card.title(),
                    provenance.model(),
                    provenance.image(),
                    provenance.target(),
                    provenance.options(),
                    card.facts(),
                    bar(card.figure()).map(Colors::new),
                    card.notes(),
                    card.files());
        }
    }

    record Colors(boolean signed, double low, double high, String colors) {
        Colors(ColorBar bar) {
            this(
                    bar.scale().polarity() == Polarity.SIGNED,
                    bar.scale().low(),
                    bar.scale().high(),
                    bar.colors().name());
        }
    }

    public static String json(ExplanationPage page) {
        return StudyJson.lines(new Summary(
                FORMAT,
                page.title(),
                page.facts(),
                page.images().stream().map(Image::new).toList()));
    }

    public static void write(Path target, ExplanationPage page) {
        OutputFile.write(target, json(page));
    }

    private static Optional<ColorBar> bar(ExplanationPage.Figure figure) {
        if (figure instanceof Overlay overlay) {
            return Optional.of(overlay.bar());
        }
        return figure instanceof Cover cover && cover.key() instanceof ColorBar bar
                ? Optional.of(bar)
                : Optional.empty();
    }
}
