package dev.vitrine.lens.model.card;

import dev.vitrine.lens.model.head.OutputCard;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A model card as the YAML that {@link ModelCards} reads. */
public final class CardText {
    private CardText() {}

    public static String of(ModelCard card) {
        Preprocessing input = card.preprocessing();
        Normalization normalization = input.normalization();
        StringBuilder text = new StringBuilder();
        text.append("name: ").append(quoted(card.name())).append('\n');
        if (!card.description().isEmpty()) {
            text.append("description: ").append(quoted(card.description())).append('\n');
        }
        if (!card.licence().isEmpty()) {
            text.append("licence: ").append(quoted(card.licence())).append('\n');
        }
        text.append("input:\n");
        line(text, "width", Integer.toString(input.width()));
        line(text, "height", Integer.toString(input.height()));
        line(text, "fit", word(input.fit()));
        if (input.fit() == Fit.CROP) {
            line(text, "resize", Integer.toString(input.resize()));
        }
        line(text, "resampling", word(input.resampling()));
        line(text, "channels", input.channels().word());
        if (!input.channels().shown().isEmpty()) {
            line(text, "display", input.channels().shown().toString());
        }
        line(text, "layout", word(input.layout()));
        line(text, "range", List.of(normalization.low(), normalization.high()).toString());
        line(text, "mean", normalization.mean().toString());
        line(text, "deviation", normalization.deviation().toString());
        OutputCard output = card.output();
        output.name()
                .ifPresent(name -> text.append("output: ").append(quoted(name)).append('\n'));
        output.kind().ifPresent(kind -> text.append("head: ").append(word(kind)).append('\n'));
        output.activation()
                .ifPresent(activation ->
                        text.append("activation: ").append(word(activation)).append('\n'));
        output.boxes()
                .ifPresent(boxes -> text.append("boxes: ").append(word(boxes)).append('\n'));
        output.objectness()
                .ifPresent(there -> text.append("objectness: ").append(there).append('\n'));
        output.normalized()
                .ifPresent(normalized ->
                        text.append("normalized: ").append(normalized).append('\n'));
        output.background()
                .ifPresent(index -> text.append("background: ").append(index).append('\n'));
        if (card.labels().size() > 0) {
            text.append("labels: ").append(list(card.labels().names())).append('\n');
        }
        if (!card.labels().ids().isEmpty()) {
            text.append("ids: ").append(list(card.labels().ids())).append('\n');
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append("  ").append(key).append(": ").append(value).append('\n');
    }

    private static String list(List<String> names) {
        return names.stream().map(CardText::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private static String quoted(String plain) {
        return "\"" + plain.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
