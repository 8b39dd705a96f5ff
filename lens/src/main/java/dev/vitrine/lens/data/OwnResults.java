package dev.vitrine.lens.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Results of earlier runs among the pictures of a folder, told by what their PNG files say about themselves: a run that
 * writes below its own input does not explain its explanations the next time.
 */
final class OwnResults {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G'};
    private static final String MARK = "Software\0Vitrine";
    private static final int HEAD_BYTES = 1024;

    private OwnResults() {}

    /** The names without those of results and of what lies beside one under the same name, unless nothing else is there. */
    static List<String> without(Path folder, List<String> names) {
        Set<String> results = names.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(".png"))
                .filter(name -> isResult(folder.resolve(name)))
                .map(OwnResults::stem)
                .collect(Collectors.toSet());
        if (results.isEmpty()) {
            return names;
        }
        List<String> others =
                names.stream().filter(name -> !results.contains(stem(name))).toList();
        return PictureListing.of(others).taken().isEmpty() ? names : others;
    }

    private static String stem(String name) {
        return name.substring(0, Math.max(name.lastIndexOf('.'), name.lastIndexOf('/') + 1));
    }

    private static boolean isResult(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] head = stream.readNBytes(HEAD_BYTES);
            String text = new String(head, StandardCharsets.ISO_8859_1);
            return text.startsWith(new String(SIGNATURE, StandardCharsets.ISO_8859_1)) && text.contains(MARK);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
