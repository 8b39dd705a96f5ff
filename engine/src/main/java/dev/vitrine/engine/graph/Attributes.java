package dev.vitrine.engine.graph;

import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The attributes of a node by name, in alphabetical order. */
public record Attributes(Map<String, AttributeValue> values) {
    public static final Attributes NONE = new Attributes(Map.of());

    public Attributes {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    public Attributes with(String name, AttributeValue value) {
        Map<String, AttributeValue> copy = new TreeMap<>(values);
        copy.put(name, value);
        return new Attributes(copy);
    }

    public Attributes with(String name, long value) {
        return with(name, new AttributeValue.OfLong(value));
    }

    public Attributes with(String name, float value) {
        return with(name, new AttributeValue.OfFloat(value));
    }

    public Attributes with(String name, String value) {
        return with(name, new AttributeValue.OfText(value));
    }

    public Attributes with(String name, long... value) {
        return with(
                name, new AttributeValue.OfLongs(Arrays.stream(value).boxed().toList()));
    }

    public Attributes with(String name, Tensor value) {
        return with(name, new AttributeValue.OfTensor(value));
    }

    public Attributes without(String name) {
        Map<String, AttributeValue> copy = new TreeMap<>(values);
        copy.remove(name);
        return new Attributes(copy);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public long integer(String name, long fallback) {
        return values.get(name) instanceof AttributeValue.OfLong found ? found.value() : fallback;
    }

    public float real(String name, float fallback) {
        return values.get(name) instanceof AttributeValue.OfFloat found ? found.value() : fallback;
    }

    public String text(String name, String fallback) {
        return values.get(name) instanceof AttributeValue.OfText found ? found.value() : fallback;
    }

    public long[] integers(String name, long... fallback) {
        return values.get(name) instanceof AttributeValue.OfLongs found
                ? found.values().stream().mapToLong(Long::longValue).toArray()
                : fallback;
    }
}
