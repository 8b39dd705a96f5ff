package dev.vitrine.study.map;

import dev.vitrine.lens.embedding.MapQuality;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.page.Html;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The page of a map of points with names, properties and one or several layouts: one file that draws itself.
 *
 * @param title of the page
 * @param color property by which points are colored first
 * @param facts provenance
 */
public record MapPage(String title, String color, Map<String, String> facts) {
    /** What the script reads; arrays are little-endian bytes in base64. */
    private record Data(
            String color,
            int near,
            List<String> names,
            List<Property> columns,
            List<Level> layers,
            Optional<Thumbnails> thumbnails) {}

    private record Property(String id, String meaning, List<String> words, String values) {}

    private record Level(
            String layer,
            String points,
            String near,
            String kept,
            Optional<Double> separability,
            Optional<MapQuality> quality,
            List<Grouping> groupings) {}

    /** The page as text. */
    String of(PictureMap map, Optional<Thumbnails> thumbnails) {
        Data data = new Data(
                color,
                LayerMap.NEAR,
                map.names(),
                map.columns().stream()
                        .map(column ->
                                new Property(column.id(), column.meaning(), column.words(), floats(column.values())))
                        .toList(),
                map.layers().stream()
                        .map(layer -> new Level(
                                layer.layer(),
                                floats(layer.points()),
                                integers(layer.near()),
                                bytes(layer.kept()),
                                layer.separability(),
                                layer.quality(),
                                layer.groupings()))
                        .toList(),
                thumbnails);
        String json = safe(StudyJson.text(data));
        return Html.of(output -> JtemapGenerated.render(output, null, this, map, json));
    }

    /** JSON that cannot end the script element that it is in. */
    private static String safe(String json) {
        return json.replace("<", "\\u003c");
    }

    private static String floats(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putFloat((float) value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static String integers(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static String bytes(int[] values) {
        byte[] bytes = new byte[values.length];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) values[index];
        }
        return Base64.getEncoder().encodeToString(bytes);
    }
}
