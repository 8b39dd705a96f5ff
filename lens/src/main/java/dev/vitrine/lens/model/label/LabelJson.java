package dev.vitrine.lens.model.label;

import dev.vitrine.engine.VitrineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Class names as JSON, in the forms in which people have them: a list of names; {@code {"0": "cat"}}, also with an id
 * {@code {"0": ["n02123045", "tabby"]}}; {@code {"cat": 0}}; any of them under {@code id2label}, as in a configuration of
 * Hugging Face.
 */
final class LabelJson {
    private static final String EXPECTED = "expected a list of names, {\"0\": \"cat\", ...} or {\"cat\": 0, ...} with"
            + " every number from 0 on once";
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final String file;

    private LabelJson(String file) {
        this.file = file;
    }

    static Labels parse(String file, String text) {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JacksonException broken) {
            throw VitrineException.failure(
                    file + ": no valid JSON (" + broken.getOriginalMessage() + "); " + EXPECTED, broken);
        }
        return new LabelJson(file).labels(root.has("id2label") ? root.get("id2label") : root);
    }

    private Labels labels(JsonNode node) {
        if (node.isArray() && !node.isEmpty()) {
            return labels(List.copyOf(node.values()));
        }
        if (!node.isObject() || node.isEmpty()) {
            throw wrong(node.isContainer() ? "it holds no names" : "it is " + shortened(node));
        }
        JsonNode[] entries = new JsonNode[node.size()];
        boolean numberLast = node.values().stream().allMatch(JsonNode::isIntegralNumber);
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            String number = numberLast ? property.getValue().asString() : property.getKey();
            int index = number.matches("\\d{1,9}") ? Integer.parseInt(number) : -1;
            if (index < 0 || index >= entries.length || entries[index] != null) {
                throw wrong("found the number '" + number + "' among " + entries.length + " classes");
            }
            entries[index] = numberLast ? MAPPER.getNodeFactory().stringNode(property.getKey()) : property.getValue();
        }
        return labels(Arrays.asList(entries));
    }

    private Labels labels(List<JsonNode> entries) {
        boolean withIds = entries.stream().allMatch(entry -> entry.isArray() && entry.size() == 2);
        List<String> names = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode entry : entries) {
            names.add(name(withIds ? entry.get(1) : entry));
            if (withIds) {
                ids.add(name(entry.get(0)));
            }
        }
        return new Labels(names, ids);
    }

    private String name(JsonNode node) {
        if (!node.isValueNode() || node.isNull() || node.asString().isBlank()) {
            throw wrong("found " + shortened(node) + " in place of a name");
        }
        return node.asString().strip();
    }

    private static String shortened(JsonNode node) {
        String text = Objects.toString(node);
        return text.length() <= 60 ? text : text.substring(0, 59) + "…";
    }

    private VitrineException wrong(String found) {
        return VitrineException.failure(file + ": " + found + "; " + EXPECTED);
    }
}
