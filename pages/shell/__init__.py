"""The shell around every page: the script Streamlit runs, signing in, the frame, the look and its widgets."""
