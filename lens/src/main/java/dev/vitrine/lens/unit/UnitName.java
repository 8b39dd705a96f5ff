package dev.vitrine.lens.unit;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A layer, a channel of it, or one neuron of a channel.
 *
 * @param channel omitted for the whole layer
 * @param place position of the neuron, if any
 */
public record UnitName(ChannelLayer layer, OptionalInt channel, Optional<Place> place) {
    private static final Pattern UNIT = Pattern.compile("(.+?)(?::(\\d{1,9})(?:,(\\d{1,9}),(\\d{1,9}))?)?");

    public record Place(int row, int column) {}

    /** From {@code LAYER}, {@code LAYER:CHANNEL} or {@code LAYER:CHANNEL,ROW,COLUMN}. */
    public static UnitName parse(String text, Model model) {
        Matcher matcher = UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            throw VitrineException.usage("Unit '" + text + "': expected LAYER, LAYER:CHANNEL or"
                    + " LAYER:CHANNEL,ROW,COLUMN, such as conv4:17. See the layers with: vitrine layers MODEL");
        }
        ChannelLayer layer = ChannelLayer.find(model, matcher.group(1));
        if (matcher.group(2) == null) {
            return new UnitName(layer, OptionalInt.empty(), Optional.empty());
        }
        int channel = Integer.parseInt(matcher.group(2));
        layer.requireChannel(channel);
        if (matcher.group(3) == null) {
            return new UnitName(layer, OptionalInt.of(channel), Optional.empty());
        }
        layer.requireSpatial("for a unit at a row and a column");
        Place place = new Place(Integer.parseInt(matcher.group(3)), Integer.parseInt(matcher.group(4)));
        requireInside(layer, "row", place.row(), layer.height());
        requireInside(layer, "column", place.column(), layer.width());
        return new UnitName(layer, OptionalInt.of(channel), Optional.of(place));
    }

    private static void requireInside(ChannelLayer layer, String what, int index, int size) {
        if (index >= size) {
            throw VitrineException.usage("Layer '" + layer.name() + "' has no " + what + " " + index
                    + "; expected 0 to " + (size - 1) + ", of " + size + ".");
        }
    }

    /** For display: {@code channel 17 of conv4}. */
    public String words() {
        if (channel.isEmpty()) {
            return layer.name();
        }
        return place.map(found -> "neuron " + channel.getAsInt() + "," + found.row() + "," + found.column())
                        .orElse("channel " + channel.getAsInt())
                + " of " + layer.name();
    }
}
