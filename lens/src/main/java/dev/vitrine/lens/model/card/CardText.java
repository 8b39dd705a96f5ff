package dev.vitrine.lens.model.card;

import dev.vitrine.lens.model.head.OutputCard;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A model card as the YAML that {@link ModelCards} reads. */
public final class CardText {
    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setSplitLines(false)
            .setWidth(Integer.MAX_VALUE)
            .build();

    private final List<NodeTuple> entries = new ArrayList<>();

    private CardText() {}

    public static String of(ModelCard card) {
        CardText text = new CardText();
        text.quoted("name", card.name());
        if (!card.description().isEmpty()) {
            text.quoted("description", card.description());
        }
        if (!card.license().isEmpty()) {
            text.quoted("license", card.license());
        }
        text.put("input", input(card.preprocessing()).mapping());
        OutputCard output = card.output();
        output.name().ifPresent(name -> text.quoted("output", name));
        output.kind().ifPresent(kind -> text.plain("head", kind));
        output.activation().ifPresent(activation -> text.plain("activation", activation));
        output.boxes().ifPresent(boxes -> text.plain("boxes", boxes));
        output.objectness().ifPresent(there -> text.plain("objectness", there));
        output.normalized().ifPresent(normalized -> text.plain("normalized", normalized));
        output.background().ifPresent(index -> text.plain("background", index));
        if (card.labels().size() > 0) {
            text.put("labels", list(card.labels().names().stream().map(CardText::quoted)));
        }
        if (!card.labels().ids().isEmpty()) {
            text.put("ids", list(card.labels().ids().stream().map(CardText::quoted)));
        }
        return new Present(SETTINGS)
                .emitToString(
                        new Serialize(SETTINGS).serializeOne(text.mapping()).iterator());
    }

    private static CardText input(Preprocessing input) {
        Normalization normalization = input.normalization();
        CardText text = new CardText();
        text.plain("width", input.width());
        text.plain("height", input.height());
        text.plain("fit", input.fit());
        if (input.fit() == Fit.CROP) {
            text.plain("resize", input.resize());
        }
        text.plain("resampling", input.resampling());
        text.plain("channels", input.channels().word());
        if (!input.channels().shown().isEmpty()) {
            text.put("display", list(input.channels().shown().stream().map(CardText::plain)));
        }
        text.plain("layout", input.layout());
        text.put(
                "range",
                list(Stream.of(normalization.low(), normalization.high()).map(CardText::plain)));
        text.put("mean", list(normalization.mean().stream().map(CardText::plain)));
        text.put("deviation", list(normalization.deviation().stream().map(CardText::plain)));
        return text;
    }

    private void quoted(String key, String value) {
        put(key, quoted(value));
    }

    /** A number, a word, or a choice in lower case. */
    private void plain(String key, Object value) {
        put(key, plain(value));
    }

    private void put(String key, Node value) {
        entries.add(new NodeTuple(plain(key), value));
    }

    private MappingNode mapping() {
        return new MappingNode(Tag.MAP, entries, FlowStyle.BLOCK);
    }

    private static Node list(Stream<Node> items) {
        return new SequenceNode(Tag.SEQ, items.toList(), FlowStyle.FLOW);
    }

    private static Node quoted(String text) {
        return new ScalarNode(Tag.STR, text, ScalarStyle.DOUBLE_QUOTED);
    }

    private static Node plain(Object value) {
        String text = value instanceof Enum<?> choice ? choice.name().toLowerCase(Locale.ROOT) : value.toString();
        Tag tag = SETTINGS.getSchema().getScalarResolver().resolve(text, true);
        return new ScalarNode(tag, text, ScalarStyle.PLAIN);
    }
}
