"""The web page: server-rendered, complete without JavaScript, made smoother by one small script."""
