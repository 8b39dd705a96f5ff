package dev.vitrine.lens.store;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Words in a part, of any length. */
public final class PartText {
    private PartText() {}

    public static void write(String text, DataOutput output) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.writeInt(bytes.length);
        output.write(bytes);
    }

    public static String read(DataInput input) throws IOException {
        byte[] bytes = new byte[input.readInt()];
        input.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public static void write(List<String> texts, DataOutput output) throws IOException {
        output.writeInt(texts.size());
        for (String text : texts) {
            write(text, output);
        }
    }

    public static List<String> readAll(DataInput input) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            texts.add(read(input));
        }
        return texts;
    }

    /** In their order. */
    public static void write(Map<String, String> entries, DataOutput output) throws IOException {
        write(List.copyOf(entries.keySet()), output);
        write(List.copyOf(entries.values()), output);
    }

    public static Map<String, String> readMap(DataInput input) throws IOException {
        List<String> names = readAll(input);
        List<String> values = readAll(input);
        Map<String, String> entries = new LinkedHashMap<>();
        for (int index = 0; index < names.size(); index++) {
            entries.put(names.get(index), values.get(index));
        }
        return entries;
    }
}
