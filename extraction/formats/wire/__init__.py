"""The formats in which agencies and sites send news: NewsML-G2, NITF, ninjs, feeds, IPTC 7901."""
