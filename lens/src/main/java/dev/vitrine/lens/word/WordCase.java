package dev.vitrine.lens.word;

import java.util.Locale;

/** Whether upper and lower case distinguish words. */
public enum WordCase {
    EXACT {
        @Override
        String key(String word) {
            return word;
        }
    },
    /** Of several spellings, the first in the file stands for all. */
    IGNORED {
        @Override
        String key(String word) {
            return word.toUpperCase(Locale.ROOT);
        }
    };

    abstract String key(String word);
}
