package dev.vitrine.study.page;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.study.page.ExplanationPage.Bar;
import dev.vitrine.study.page.ExplanationPage.Card;
import dev.vitrine.study.page.ExplanationPage.Cover;
import dev.vitrine.study.page.ExplanationPage.Image;
import dev.vitrine.study.page.ExplanationPage.Overlay;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What an {@link ExplanationPage} says, without its pictures, as JSON in a fixed order; {@code format} is 1. */
public final class Summary {
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();
    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

    private Summary() {}

    public static String json(ExplanationPage page) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        root.put("title", page.title());
        put(root.putObject("facts"), page.facts());
        ArrayNode images = root.putArray("images");
        page.images().forEach(image -> image(images.addObject(), image));
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES);
        return JSON.writer().with(printer).writeValueAsString(root) + "\n";
    }

    public static void write(Path target, ExplanationPage page) {
        OutputFile.write(target, json(page));
    }

    private static void image(ObjectNode node, Image image) {
        node.put("name", image.name());
        node.put("width", image.view().getWidth());
        node.put("height", image.view().getHeight());
        ArrayNode top = node.putArray("top");
        image.top().forEach(bar -> top.addObject().put("label", bar.label()).put(word(bar.measure()), bar.value()));
        ArrayNode cards = node.putArray("explanations");
        image.cards().forEach(card -> card(cards.addObject(), card));
    }

    private static String word(Bar.Measure measure) {
        return switch (measure) {
            case PROBABILITY -> "probability";
            case NUMBER -> "value";
        };
    }

    private static void card(ObjectNode node, Card card) {
        Provenance provenance = card.provenance();
        node.put("method", provenance.method());
        node.put("title", card.title());
        node.put("model", provenance.model());
        node.put("image", provenance.image());
        node.put("target", provenance.target());
        put(node.putObject("options"), provenance.options());
        put(node.putObject("facts"), card.facts());
        bar(card.figure()).ifPresent(bar -> {
            Scale scale = bar.scale();
            node.putObject("scale")
                    .put("signed", scale.polarity() == Polarity.SIGNED)
                    .put("low", scale.low())
                    .put("high", scale.high())
                    .put("colours", bar.colours().name());
        });
        ArrayNode notes = node.putArray("notes");
        card.notes().forEach(notes::add);
        ArrayNode files = node.putArray("files");
        card.files().forEach(files::add);
    }

    private static Optional<ColorBar> bar(ExplanationPage.Figure figure) {
        if (figure instanceof Overlay overlay) {
            return Optional.of(overlay.bar());
        }
        return figure instanceof Cover cover && cover.key() instanceof ColorBar bar
                ? Optional.of(bar)
                : Optional.empty();
    }

    private static void put(ObjectNode node, Map<String, String> entries) {
        entries.forEach(node::put);
    }
}
